-- calls: arguments, results, method calls, tail calls

local function n(...) return select("#", ...) end
local function show(...)
  local t = table.pack(...)
  for i = 1, t.n do t[i] = tostring(t[i]) end
  return t.n .. ":" .. table.concat(t, ",", 1, t.n)
end

-- missing and extra arguments
local function three(a, b, c) return a, b, c end
print(three())
print(three(1))
print(three(1, 2))
print(three(1, 2, 3))
print(three(1, 2, 3, 4))
print(n(three()), n(three(1, 2, 3, 4)))
local function none() end
local function one() return nil end
print(n(none()), n(one()), n((none())), n((one())))
print(show(none(), none(), none()))
print(show((three(1, 2, 3))))
print(show(three(1, 2, 3), three(4, 5, 6)))
print(show(three(1, 2, 3), (three(4, 5, 6))))

-- adjustment in assignments
local a, b, c, d = three(1, 2, 3)
print(a, b, c, d)
a, b, c, d = 0, three(1, 2, 3)
print(a, b, c, d)
a, b, c, d = three(1, 2, 3), 10
print(a, b, c, d)
a, b = three(1, 2, 3)
print(a, b)
a, b = b, a
print(a, b)
local x, y, z = (three(1, 2, 3))
print(x, y, z)

-- order of evaluation of arguments and multiple assignment
local log = {}
local function mark(v) log[#log + 1] = v return v end
print(three(mark(1), mark(2), mark(3)))
print(table.concat(log, " "))
local i, t = 1, {}
i, t[i] = i + 1, 20
print(i, t[1], t[2])

-- calls without parentheses
local function id(...) return ... end
print(id"str", id'str', id[[long]], #id{1, 2, 3}, id{n = 5}.n)
print(("x"):rep(3), ("%d-%s"):format(4, "q"), #("abc"):upper())
print(type(id{}), id"a" .. id"b")
local s = "hello"
print(s:sub(2, 3), s:len(), s:byte(1, -1))

-- methods and self
local obj = {v = 10}
function obj.static(k) return k end
function obj:get() return self.v end
function obj:add(k, ...) self.v = self.v + k return self, ... end
function obj:vararg(...) return self == obj, select("#", ...), ... end
print(obj:get(), obj.get(obj), obj.static(3))
print(obj:add(5):add(6):get())
print(obj:vararg())
print(obj:vararg(nil, nil))
obj.sub = {deep = {}}
function obj.sub.deep.f(...) return "f", ... end
function obj.sub.deep:m(...) return self == obj.sub.deep, ... end
print(obj.sub.deep.f(1))
print(obj.sub.deep:m(1, 2))

-- a method is evaluated once
local count = 0
local function get() count = count + 1 return obj end
get():add(1)
print(count, obj.v)

-- functions as values, immediately called
print((function(...) return select("#", ...) end)(1, nil, nil))
print((function(p, q) return q, p end)(1, 2))
local fs = {function() return "a" end, [3] = function(...) return ... end}
print(fs[1](), fs[3](7, 8))

-- recursion
local function fact(k) if k <= 1 then return 1 end return k * fact(k - 1) end
for k = 0, 21 do print(k, fact(k)) end
local function fib(k) return k < 2 and k or fib(k - 1) + fib(k - 2) end
for k = 0, 15 do io_line = fib(k) print("fib", k, io_line) end
local even, odd
function even(k) if k == 0 then return true end return odd(k - 1) end
function odd(k) if k == 0 then return false end return even(k - 1) end
print(even(10), odd(10), even(7), odd(7))

-- tail calls do not consume stack
print(even(1000000), odd(1000001))
local function loop(k, ...) if k == 0 then return ... end return loop(k - 1, ...) end
print(loop(500000, "a", nil, "c"))
local function count_down(k, acc)
  return k == 0 and acc or count_down(k - 1, acc + k) -- not a tail call
end
print(count_down(1000, 0))
local callable = setmetatable({}, {})
getmetatable(callable).__call = function(self, k)
  if k == 0 then return "done", self == callable end
  return self(k - 1)
end
print(callable(100000))
local m = {}
function m:down(k) if k == 0 then return "bottom" end return self:down(k - 1) end
print(m:down(200000))

-- a tail call to a library function
local function tail_tostring(v) return tostring(v) end
local function tail_pcall(f, ...) return pcall(f, ...) end
local function tail_select(...) return select(2, ...) end
print(tail_tostring(12), tail_pcall(three, 1, 2), tail_select(1, 2, 3))
print(tail_pcall(error, "x", 0))

-- tail calls through pcall and back
local function through(k)
  if k == 0 then return "end of chain" end
  local function inner() return through(k - 1) end
  return select(2, pcall(inner))
end
print(through(50))

-- endless recursion is an error that can be caught
local function endless() return 1 + endless() end
local ok, msg = pcall(endless)
print(ok, (msg:find("stack overflow", 1, true)) ~= nil)
local function endless_string() return endless_string() .. "x" end
ok, msg = pcall(endless_string)
print(ok, (msg:find("stack overflow", 1, true)) ~= nil)

-- many arguments and results
local big = {}
for k = 1, 200 do big[k] = k end
print(n(table.unpack(big)), (select(200, table.unpack(big))))
print(math.max(table.unpack(big)), math.min(table.unpack(big)))
local function sum(...) local r = 0 for _, v in ipairs{...} do r = r + v end return r end
print(sum(table.unpack(big)), sum(), sum(1), sum(1, 2.5))
local src = {}
for k = 1, 100 do src[k] = "a" .. k end
local text = "local " .. table.concat(src, ",") .. " = ... return a1, a50, a100"
print(load(text, "=many")(table.unpack(big)))
io_line = nil
