-- coroutines
local create, resume, wrap, yield, status, close = coroutine.create, coroutine.resume, coroutine.wrap, coroutine.yield, coroutine.status,
  coroutine.close

-- values in and out
local co = create(function(a, b, ...)
  print("start", a, b, ...)
  print("got", yield(a + b, a * b))
  print("got", yield())
  print("got", yield(nil, nil))
  return "r1", nil, "r3"
end)
print(status(co), type(co))
print(resume(co, 3, 4, "x", nil))
print(status(co))
print(resume(co, "back"))
print(resume(co))
print(select("#", resume(co, nil, nil)))
print(status(co))
print(resume(co))
print(resume(co, 1))
print(select("#", resume(create(function() end))), select("#", resume(create(function() return nil end))))

-- status, running, isyieldable
local main, is_main = coroutine.running()
print(type(main), is_main, coroutine.isyieldable(), status(main))
local outer
outer = create(function()
  local me, m = coroutine.running()
  print("in", me == outer, m, status(outer), coroutine.isyieldable(), status(main))
  local inner = create(function() print("inner sees", status(outer), coroutine.isyieldable(outer)) yield() end)
  print(status(inner)) resume(inner) print(status(inner))
  print(resume(main))
  print(resume(outer))
  yield()
end)
print(resume(outer)) print(status(outer), coroutine.isyieldable(outer)) resume(outer) print(status(outer))
print(resume(main))
print(pcall(yield, 1))
print(pcall(resume, nil)) print(pcall(create, 1)) print(pcall(status, {})) print(pcall(wrap)) print(pcall(close, "x"))

-- errors inside
co = create(function() local x = yield(1) error("oops " .. x) end)
print(resume(co)) print(resume(co, "a")) print(status(co)) print(resume(co)) print(close(co)) print(status(co))
co = create(function() error({code = 7}) end)
local ok, e = resume(co)
print(ok, type(e), e.code)
for _, v in ipairs{0, "s", true, false, 1.5} do print(resume(create(function() error(v, 0) end))) end
print(resume(create(function() error() end))) print(resume(create(function() error(nil) end)))
print(resume(create(function() local t = nil return t.x end)))
print(resume(create(print), "a function of the library", nil))
print(resume(create(string.rep), "ab", 3)) print(resume(create(string.rep)))
print(resume(create(pcall), error, "e")) print(resume(create(yield), 1, 2))

-- wrap
local gen = wrap(function(...) local r = {...} while true do r = {yield(#r, table.unpack(r))} if #r == 0 then return "bye" end end end)
print(gen(1, 2)) print(gen("x")) print(gen()) print(pcall(gen))
gen = wrap(function() yield(1) error("in wrap") end)
print(gen()) print(pcall(gen)) print(pcall(gen))
gen = wrap(function() error({"t"}) end)
print(select(2, pcall(gen))[1])
gen = wrap(function() error("no position", 0) end)
print(pcall(gen))
print(pcall(function() wrap(function() error("nested", 0) end)() end))
print(pcall(wrap(function() return pcall(error, "e", 0) end)))
local self_ref
self_ref = wrap(function() return pcall(self_ref) end)
print(self_ref())

-- yields across pcall, xpcall, error and nested both
co = wrap(function()
  print("pcall", pcall(function(...) print("args", ...) local a = yield("y1") error("err " .. a, 0) end, 1, nil, 3))
  print("xpcall", xpcall(function() local a = yield("y2") error("err " .. a, 0) end, function(m) return "handled " .. m end))
  print("ok", pcall(function() return yield("y3"), yield("y4") end))
  print("xok", xpcall(function(...) return select("#", ...), yield(...) end, print, "a", nil, "c"))
  print(pcall(pcall, pcall, function() yield("deep") error("E", 0) end))
  return "end"
end)
local r = table.pack(co())
local k = 0
while true do print("out", table.unpack(r, 1, r.n)) if r[1] == "end" then break end k = k + 1 r = table.pack(co("in" .. k)) end

-- yields across metamethods
local mt = {}
for _, ev in ipairs{"add", "sub", "mul", "div", "mod", "pow", "idiv", "band", "bor", "bxor", "shl", "shr", "concat", "unm", "bnot",
  "len"} do
  mt["__" .. ev] = function() return yield(ev) end
end
mt.__index = function(_, key) return yield("index " .. tostring(key)) end
mt.__newindex = function(_, key, v) yield("newindex " .. key .. "=" .. tostring(v)) end
mt.__call = function(_, ...) return yield("call", ...) end
mt.__eq = function() return yield("eq") end
mt.__lt = function() return yield("lt") end
mt.__le = function() return yield("le") end
local A, B = setmetatable({}, mt), setmetatable({}, mt)
co = wrap(function()
  local res = {A + 1, 1 - A, A * B, A / 2, A % 2, A ^ 2, A // 2, A & 1, 1 | A, A ~ B, A << 1, A >> 1, A .. "x", "x" .. A, -A, ~A, #A}
  res[#res + 1] = A.field A.other = 5
  res[#res + 1] = A(1, nil, 2)
  res[#res + 1] = tostring(A == B) res[#res + 1] = tostring(A ~= B)
  res[#res + 1] = tostring(A < B) res[#res + 1] = tostring(A <= B) res[#res + 1] = tostring(A > 1) res[#res + 1] = tostring(1 >= A)
  res[#res + 1] = "a" .. "b" .. A .. "c" .. "d"
  if A < B then res[#res + 1] = "then" else res[#res + 1] = "else" end
  if not (A == B) then res[#res + 1] = "neq" end
  return "done", table.concat(res, ",")
end)
r = table.pack(co()) k = 0
while r[1] ~= "done" do print(table.unpack(r, 1, r.n)) k = k + 1 r = table.pack(co(k)) end
print(r[2])

-- yields in for iterators
co = wrap(function()
  for a, b in function(s, c) return yield("iter", s, c) end, "S", "C" do print("body", a, b) end
  return "loop over"
end)
print(co()) print(co("k1", "v1")) print(co("k2")) print(co(nil))
co = wrap(function() for a in pairs(setmetatable({},
  {__pairs = function(t) return function(_, c) c = (c or 0) + 1 if c < 4 then yield("p" .. c) return c end end, t,
  nil end})) do print("item", a) end end)
print(co()) print(co()) print(co()) print(co())

-- close
co = create(function() yield() end)
print(close(co), status(co)) print(resume(co))
co = create(function() yield() end) resume(co) print(close(co), status(co)) print(close(co))
co = create(function() local a <close> = setmetatable({}, {__close = function(_, err) print("closing a", err) end})
  local b <close> = setmetatable({}, {__close = function(_, err) print("closing b", err) end}) yield("pending") end)
print(resume(co)) print(close(co)) print(status(co)) print(resume(co))
co = create(function() local a <close> = setmetatable({}, {__close = function(_, err) print("a sees", err) error("second", 0) end})
  local b <close> = setmetatable({}, {__close = function() error("first", 0) end}) yield() end)
resume(co) print(close(co)) print(status(co)) print(close(co))
co = create(function() print(pcall(close, coroutine.running())) end) resume(co)
print(pcall(close, main))
co = create(function() local c = co print(resume(create(function() print(status(c)) return close(c) end))) end) print(resume(co))
co = wrap(function() local x <close> = setmetatable({}, {__close = function(_, m) print("closed by wrap", m) end}) error("W", 0) end)
print(pcall(co))
co = wrap(function() local x <close> = setmetatable({},
  {__close = function() print("before") yield("from close") print("after") end}) return "result" end)
print(co()) print(co())

-- producers, filters and consumers
local function producer(n) return wrap(function() for i = 1, n do yield("item " .. i) end end) end
local function filter(p) return wrap(function() local i = 0 for v in p do i = i + 1 yield(("%2d %s"):format(i, v:upper())) end end) end
for v in filter(filter(producer(5))) do print(v) end

-- permutations, trees, primes
local function permgen(a, n) n = n or #a if n <= 1 then yield(table.concat(a, " ")) else
  for i = 1, n do a[n], a[i] = a[i], a[n] permgen(a, n - 1) a[n], a[i] = a[i], a[n] end end end
for p in wrap(function() permgen{"a", "b", "c"} end) do print(p) end
local total, lastp = 0, nil
for p in wrap(function() permgen{1, 2, 3, 4, 5, 6} end) do total = total + 1 lastp = p end print(total, lastp)
local function tree(lo, hi) if lo > hi then return nil end local m = (lo + hi) // 2 return {tree(lo, m - 1), m, tree(m + 1, hi)} end
local function walk(t) if t then walk(t[1]) yield(t[2]) walk(t[3]) end end
local list = {} for v in wrap(function() walk{{{nil, 1}, 2, {nil, 3}}, 4, {nil, 5}} end) do list[#list + 1] = v end
print(table.concat(list, " "))
local function sieve() local p = wrap(function() for i = 2, 100 do yield(i) end end)
  while true do local n = p() if not n then return end yield(n) local q = p
  p = wrap(function() for v in q do if v % n ~= 0 then yield(v) end end end) end end
list = {} for v in wrap(sieve) do list[#list + 1] = v end print(table.concat(list, " "))

-- deep nesting: each level adds one to what passes
local function nest(d) if d == 0 then local v = yield("bottom 1") v = yield("bottom 2 got " .. v) return "bottom result " .. v end
  local c = create(nest) local x = table.pack(resume(c, d - 1))
  while status(c) ~= "dead" do x = table.pack(resume(c, yield(x[2]) + 1)) end return x[2] end
for _, d in ipairs{0, 1, 10, 50} do local c = wrap(nest) print(c(d)) print(c(0)) print(c(100)) end
local function nest_err(d) if d == 0 then error("from the bottom", 0) end return wrap(nest_err)(d - 1) end
print(pcall(nest_err, 0)) print((select(2, pcall(nest_err, 50)):match("from the bottom$")))

-- a round of tasks
local tasks = {} for i = 1, 3
do tasks[i] = create(function() for j = 1, i do print("task", i, "step", j) yield() end return "ended" .. i end) end
while #tasks > 0 do for i = #tasks, 1, -1 do local ok2, v = resume(tasks[i]) if status(tasks[i]) == "dead" then print(ok2, v)
table.remove(tasks, i) end end end
