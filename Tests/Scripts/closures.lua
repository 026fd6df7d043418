-- closures and upvalues

-- counters are independent
local function counter(start, step)
  local v = start or 0
  return function() v = v + (step or 1) return v end, function() return v end
end
local inc1, get1 = counter()
local inc2, get2 = counter(100, 10)
for i = 1, 4 do print(i, inc1(), inc2(), get1(), get2()) end

-- each iteration has a fresh local
local fs = {}
for i = 1, 5 do fs[i] = function(d) i = i + (d or 0) return i end end
for i = 1, 5 do print(fs[i](), fs[i](10), fs[i]()) end
fs = {}
for k, v in ipairs{"a", "b", "c"} do fs[k] = function() return k .. v end end
for i = 1, 3 do print(fs[i]()) end
fs = {}
local i = 1
while i <= 3 do local j = i * i fs[i] = function() j = j + 1 return i, j end i = i + 1 end
for k = 1, 3 do print(fs[k]()) print(fs[k]()) end
fs = {}
i = 0
repeat local j = i fs[i + 1] = function() return j end i = i + 1 until j >= 3
for k = 1, #fs do print("repeat", k, fs[k]()) end
fs = {}
do
  local k = 0
  ::top::
  local fresh = k
  fs[#fs + 1] = function() fresh = fresh + 100 return fresh end
  k = k + 1
  if k < 3 then goto top end
end
for k = 1, #fs do print("goto", fs[k](), fs[k]()) end

-- sharing of one variable
local function pair()
  local v = 0
  local function set(x) v = x end
  local function get() return v end
  local function nested() return function() v = v * 2 return v end end
  return set, get, nested
end
local set, get, nested = pair()
set(21)
print(get(), nested()(), get())
local double = nested()
print(double(), double(), get())
local set_b, get_b = pair()
print(get_b()) set_b("other") print(get_b(), get())

-- upvalues at several levels
local function l1(a)
  return function(b)
    return function(c)
      return function(d) a = a + 1 b = b + a c = c + b return a, b, c, d end
    end
  end
end
local f4 = l1(1)(2)(3)
print(f4("x")) print(f4("y")) print(f4("z"))
print(l1(10)(20)(30)("w"))

-- parameters, varargs and the function itself as upvalues
local function curry(f, a) return function(...) return f(a, ...) end end
print(curry(math.max, 5)(3, 4), curry(string.rep, "ab")(3), curry(select, "#")(1, 2, 3))
local function compose(...)
  local list = table.pack(...)
  return function(...)
    local r = table.pack(...)
    for k = list.n, 1, -1 do r = table.pack(list[k](table.unpack(r, 1, r.n))) end
    return table.unpack(r, 1, r.n)
  end
end
print(compose(function(x) return x + 1 end, function(x) return x * 2 end)(5))
print(compose(string.upper, string.reverse)("abc"))
print(compose()(1, 2, 3))
local function fact(n) return n == 0 and 1 or n * fact(n - 1) end
local keep = fact
fact = nil
print(pcall(keep, 0))
print(pcall(keep, 3))
local y = function(f) return (function(x) return x(x) end)(function(x) return f(function(...) return x(x)(...) end) end) end
print(y(function(self) return function(n) return n == 0 and 1 or n * self(n - 1) end end)(10))

-- an upvalue after its scope has ended, and closing by break, return and error
local function by_break() local r for k = 1, 10 do local v = k * 2
if k == 5 then r = function() v = v + 1 return v end break end end return r end
local b = by_break()
print(b(), b(), by_break()())
local saved
print(pcall(function() local v = "in error" saved = function() return v end error("out") end))
print(saved())
local function by_return() for k = 1, 10 do local v = k if k == 3 then return function() return v, k end end end end
print(by_return()())

-- an upvalue in a coroutine
local shared = 0
local co = coroutine.wrap(function() for k = 1, 3
  do shared = shared + k coroutine.yield(function() shared = shared * 2 return shared, k end) end end)
for k = 1, 3 do local f = co() print(shared, f()) print(shared) end

-- memoize
local calls = 0
local function memo(f) local cache = {} return function(x) local r = cache[x] if r == nil then r = f(x) cache[x] = r end return r end end
local fib
fib = memo(function(n) calls = calls + 1 if n < 2 then return n end return fib(n - 1) + fib(n - 2) end)
for _, n in ipairs{1, 2, 10, 30, 60, 90} do print(n, fib(n), calls) end

-- objects from closures
local function account(balance)
  local self = {}
  function self.deposit(x) balance = balance + x return self end
  function self.withdraw(x) if x > balance then error("insufficient funds", 2) end balance = balance - x return self end
  function self.balance() return balance end
  return self
end
local acc, acc2 = account(100), account(5)
print(acc.deposit(50).withdraw(30).balance(), acc2.balance())
print(pcall(function() acc2.withdraw(6) end))
print(acc2.balance(), acc2.withdraw(5).balance())

-- iterators
local function range(n, m, s) local v = n - (s or 1) return function() v = v + (s or 1)
if (s or 1) > 0 and v <= m or (s or 1) < 0 and v >= m then return v end end end
for v in range(1, 5) do print("range", v) end
for v in range(5, 1, -2) do print("range down", v) end
local function chars(s) local p = 0 return function() p = p + 1 if p <= #s then return p, s:sub(p, p) end end end
for p, c in chars("lua") do print(p, c) end
local function chain(...) local its, k = {...}, 1 return function() while its[k] do local v = its[k]()
if v ~= nil then return v end k = k + 1 end end end
local out = {}
for v in chain(range(1, 3), range(10, 12), range(5, 4), range(7, 7)) do out[#out + 1] = v end
print(table.concat(out, " "))

-- equality: a closure is equal to itself
local function mk() return function() return shared end end
local c1, c2 = mk(), mk()
print(c1 == c1, rawequal(c1, c1), c1() == c2())

-- many upvalues
local names, sum = {}, {}
for k = 1, 60 do names[k] = "v" .. k end
local src = "local " .. table.concat(names, ",") .. " = ... ; return function() return " .. table.concat(names, "+") .. " end"
for k = 1, 60 do sum[k] = k end
print(load(src, "=up")(table.unpack(sum))())
-- depth
local function deep(n) local v = n if n == 0 then return function() return v end end
local f = deep(n - 1) return function() return v + f() end end
for _, n in ipairs{0, 1, 10, 100} do print(n, deep(n)()) end
-- accumulators kept in a list
local adders = {}
for k = 1, 5 do local total = 0 adders[k] = function(x) total = total + x * k return total end end
for r = 1, 3 do local row = {} for k = 1, 5 do row[k] = adders[k](r) end print(table.concat(row, " ")) end
