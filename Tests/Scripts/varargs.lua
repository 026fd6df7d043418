-- varargs in every position

local function show(...)
  local t = {}
  for i = 1, select("#", ...) do t[i] = tostring((select(i, ...))) end
  return "<" .. table.concat(t, " ") .. ">"
end

-- counting
local function count(...) return select("#", ...) end
print(count(), count(nil), count(nil, nil), count(1, nil), count((nil)))
print(count(count()), count(table.unpack({}, 1, 10)), count(table.unpack({1, 2, 3}, 2)))

-- pass on: last, not last, in parentheses
local function pass(...) return ... end
local function first(...) return (...) end
local function twice(...) return ..., ... end
local function wrapped(...) return "[", ..., "]" end
local function last(...) return "[", ... end
for i = 0, 4 do
  local args = {}
  for k = 1, i do args[k] = k * 10 end
  print(i, show(pass(table.unpack(args))), show(first(table.unpack(args))),
    show(twice(table.unpack(args))), show(wrapped(table.unpack(args))), show(last(table.unpack(args))))
end

-- fixed parameters before the dots
local function f0(...) return show(...) end
local function f1(a, ...) return tostring(a), show(...) end
local function f2(a, b, ...) return tostring(a), tostring(b), show(...) end
print(f0(), f0(1), f0(1, 2))
print(f1()) print(f1(1)) print(f1(1, 2)) print(f1(1, nil, nil))
print(f2()) print(f2(1)) print(f2(1, 2)) print(f2(1, 2, 3, 4))

-- in constructors
local function pack1(...) return {...} end
local function pack2(...) return {..., "end"} end
local function pack3(...) return {"start", ...} end
local function pack4(...) return {(...)} end
local function pack5(...) return {..., ...} end
local function pack6(...) return {[1] = "x", ..., n = select("#", ...)} end
for i = 1, 3 do
  local a, b, c = i, i * 2, i * 3
  print(#pack1(a, b, c), #pack2(a, b, c), #pack3(a, b, c), #pack4(a, b, c), #pack5(a, b, c))
  print(table.concat(pack1(a, b, c), ","), table.concat(pack2(a, b, c), ","),
    table.concat(pack3(a, b, c), ","), table.concat(pack4(a, b, c), ","), table.concat(pack5(a, b, c), ","))
  print(table.concat(pack6(a, b, c), ","), pack6(a, b, c).n)
end

-- in local and assignment
local function assign(...)
  local a, b = ...
  local c, d, e = "c", ...
  local g, h = (...)
  local x
  x = ...
  return show(a, b, c, d, e, g, h, x)
end
print(assign())
print(assign(1))
print(assign(1, 2))
print(assign(1, 2, 3))

-- in operators and conditions
local function ops(...) return ... == 1, not ..., (... or "none"), ... and "some" end
print(ops()) print(ops(1)) print(ops(false, 1)) print(ops(2))
local function cat(...) return "<" .. (... or "") .. ">", #(... or "") end
print(cat()) print(cat("ab", "cd"))
local function cond(...) if ... then return "yes" else return "no" end end
print(cond(), cond(nil), cond(false), cond(0), cond(""), cond(nil, true))
local function neg(...) return -..., ~... end
print(neg(5, 6))

-- in loops
local function each(...) local r = 0 for i = 1, select("#", ...) do r = r + select(i, ...) end return r end
print(each(), each(1), each(1, 2, 3), each(table.unpack({1, 2, 3, 4, 5}, 2, 4)))
print(pcall(load, "for i = ... do end"))
local function iter(...) local r = {} for k, v in ... do r[#r + 1] = k .. "=" .. v end return table.concat(r, " ") end
print(iter(ipairs({"a", "b", "c"})))
print(iter(next, {10, 20}))

-- select
print(select(1, "a", "b", "c"))
print(select(2, "a", "b", "c"))
print(select(3, "a", "b", "c"))
print(select(4, "a", "b", "c"))
print(select(-1, "a", "b", "c"))
print(select(-3, "a", "b", "c"))
print(select("#", "a", nil, nil))
print(select("2", "a", "b", "c"))
print(select(2.0, "a", "b", "c"))
print(pcall(select, 0, "a"))
print(pcall(select, -2, "a"))
print(pcall(select, "x", "a"))
print(pcall(select, 1.5, "a"))
print(pcall(select))

-- pack and unpack
local p = table.pack()
print(p.n, #p)
p = table.pack(nil, nil)
print(p.n, p[1], p[2])
p = table.pack(1, nil, 3)
print(p.n, p[1], p[2], p[3])
print(table.unpack(p, 1, p.n))
print(table.unpack({1, 2, 3}, -1, 1))
print(table.unpack({1, 2, 3}, 2, 1))
print(table.unpack({}, 1, 3))
print(table.unpack({1, 2, 3}, "2", 3.0))
print(pcall(table.unpack, {}, 1, 1e8))
print(pcall(table.unpack, {}, math.mininteger, math.maxinteger))
print(table.unpack({[math.maxinteger] = "max"}, math.maxinteger, math.maxinteger))

-- the dots are those of the function they are in
local function outer(...)
  local saved = table.pack(...)
  return function(...) return show(table.unpack(saved, 1, saved.n)) .. show(...) end
end
print(outer(1, nil, 3)("x", nil))
print(outer()())
print(load("local function f() return ... end"))
print(load("return ...")(1, nil, 3))
print(select("#", load("return ...")()))

-- changing a parameter does not change the dots
local function change(a, ...) a = "changed" local b = ... b = "too" return a, ... end
print(change(1, 2, 3))

-- recursion over the dots
local function reverse(v, ...) if select("#", ...) == 0 then return v end
  local t = table.pack(reverse(...)) t[t.n + 1] = v return table.unpack(t, 1, t.n + 1) end
for k = 1, 6 do local t = {} for j = 1, k do t[j] = j end print(reverse(table.unpack(t))) end
local function map(f, v, ...) if v == nil then return end return f(v), map(f, ...) end
print(map(function(v) return v * v end, 1, 2, 3, 4, 5))
local function filter(f, v, ...)
  if v == nil then return end
  if f(v) then return v, filter(f, ...) end
  return filter(f, ...)
end
print(filter(function(v) return v % 2 == 0 end, 1, 2, 3, 4, 5, 6))

-- the dots through pcall, coroutines and metamethods
print(pcall(pass, 1, nil, 3, nil))
print(count(pcall(pass, 1, nil, 3, nil)))
local co = coroutine.wrap(function(...) while true do local r = table.pack(coroutine.yield(select("#", ...), ...))
  if r.n == 0 then return "end" end end end)
print(co(nil, 2, nil)) print(co(1)) print(co())
local callee = setmetatable({}, {__call = function(self, ...) return select("#", ...), ... end})
print(callee()) print(callee(nil)) print(callee(1, 2, nil))
local idx = setmetatable({}, {__index = function(...) return select("#", ...) end})
print(idx.x, idx[1])
-- many at once
local many = {}
for k = 1, 250 do many[k] = k end
print(count(table.unpack(many)), each(table.unpack(many)), count(pass(pass(table.unpack(many)))))
print(select(250, table.unpack(many)))
print(#pack5(table.unpack(many)), #pack2(table.unpack(many)))
