-- <close> and <const>

local function closer(name, f)
  return setmetatable({name = name}, {__close = function(self, err, ...)
    print("close", self.name, err, select("#", ...))
    if f then return f(self, err) end
  end})
end

-- order
do
  local a <close> = closer("a")
  local b <close> = closer("b")
  local plain = 1
  local c <close>, d = closer("c"), "d"
  print("body", a.name, b.name, c.name, d, plain)
end
do local n <close> = nil local f <close> = false print("nil and false are not closed", n, f) end
for i = 1, 3 do local x <close> = closer("loop" .. i) print("iteration", i) end
do local o <close> = closer("outer") do local p <close> = closer("inner") end print("between") end

-- ways out of a block
for i = 1, 5 do local x <close> = closer("break" .. i) if i == 2 then break end end
do
  local n = 0
  ::again::
  n = n + 1
  do local x <close> = closer("goto" .. n) if n < 3 then goto again end end
end
for i = 1, 2 do do local x <close> = closer("continue" .. i) if i == 1 then goto continue end print("not skipped") end ::continue:: end
local k = 0
while true do local x <close> = closer("while") k = k + 1 if k == 2 then break end end
repeat local x <close> = closer("repeat") local stop = true until stop
local function ret(...) local x <close> = closer("ret") return ..., "last" end
print(ret()) print(ret(1, 2)) print((ret("one")))
local function ret_many(...) local x <close> = closer("many") local y <close> = closer("many2") return ... end
print(ret_many(1, nil, 3, nil))
local function value() local v = 1 local x <close> = closer("value", function() v = 2 end) return v end
print(value())
local function not_tail() local x <close> = closer("not a tail call") return print("called first") end
not_tail()
local function nested() for i = 1, 3 do local a <close> = closer("n" .. i) for j = 1, 3 do local b <close> = closer("n" .. i .. j)
if j == 2 then return "from " .. i .. j end end end end
print(nested())

-- the value closed is the first one, the metamethod is looked up late
do local mt = {} mt.__close = function() print("first metamethod") end local x <close> = setmetatable({}, mt) mt.__close = function(_, e)
print("second metamethod", e) end end
print(pcall(function() local mt = {__close = print} local x <close> = setmetatable({}, mt) mt.__close = nil end))
print(pcall(function() local mt = {__close = print} local x <close> = setmetatable({}, mt) mt.__close = 5 end))

-- errors
print(pcall(function() local a <close> = closer("e1") local b <close> = closer("e2") error("E", 0) end))
print(pcall(function() local a <close> = closer("e3") error(setmetatable({}, {__tostring = function() return "object" end})) end) == false)
print(pcall(function() local a <close> = closer("e4") local x = nil x() end))
print(pcall(function() local a <close> = closer("e5") error(nil) end))
print(pcall(function() local a <close> = closer("ca", function() error("from a", 0) end) local b <close> = closer("cb") error("E", 0) end))
print(pcall(function() local a <close> = closer("da") local b <close> = closer("db", function() error("from b", 0) end) error("E", 0) end))
print(pcall(function()
  local a <close> = closer("ea", function(_, e) error(tostring(e) .. "+a", 0) end)
  local b <close> = closer("eb", function(_, e) error(tostring(e) .. "+b", 0) end)
  local c <close> = closer("ec", function(_, e) error(tostring(e) .. "+c", 0) end)
  return "lost"
end))
print(pcall(function() local a <close> = closer("fa") local b <close> = closer("fb",
  function() error("in normal exit", 0) end) return 1 end))
print(pcall(function() for i = 1, 3 do local a <close> = closer("ga" .. i, function() if i == 2 then error("at two", 0) end end) end end))
print(pcall(function() local a <close> = closer("ha", function() error("with position") end) end))
print(pcall(function() local a <close> = closer("ia", function() print(pcall(error, "caught inside", 0)) end) error("stays", 0) end))
print(xpcall(function() local a <close> = closer("xa") local b <close> = closer("xb", function() error("xb", 0) end) error("X", 0) end,
  function(m) return "<" .. tostring(m) .. ">" end))
local function thrower(n) local a <close> = closer("t" .. n) if n == 0 then error("bottom", 0) end return thrower(n - 1), nil end
print(pcall(thrower, 4))
print(pcall(function() local a <close> = closer("nested") print(pcall(function() local b <close> = closer("in") error("I", 0) end)) end))
print(pcall(function() local a <close> = 42 end)) print(pcall(function() local abc <close> = {} end))
print(pcall(function() local s <close> = "x" end))
print(pcall(function() local a <close> = closer("before bad") local b <close> = setmetatable({}, {}) end))

-- generic for, fourth value
local function iter(n, name, f) return function(_, c) c = c + 1 if c <= n then return c end end, nil, 0, closer(name or "for", f) end
for i in iter(2) do print("in for", i) end
for i in iter(5, "for break") do if i == 2 then break end end
for i in iter(0, "empty for") do print("never") end
print(pcall(function() for i in iter(3, "for error") do if i == 2 then error("in loop", 0) end end end))
print((function() for i in iter(3, "for return") do if i == 2 then return "returned", i end end end)())
for i in iter(2, "outer for") do for j in iter(2, "inner for" .. i) do if j == 2 then goto out end end ::out:: end
for i in iter(3, "for goto") do if i == 2 then goto leave end end
::leave::
print(pcall(function() for i in iter(2, "for closing error", function() error("closing", 0) end) do print(i) end end))
print(pcall(function() for i in next, {}, nil, 5 do end end))
for i, v in next, {10, 20}, nil, nil do print("no fourth", i, v) end
print(pcall(function() for i in function() error("iterator", 0) end, nil, nil, closer("for iterator error") do end end))

-- coroutines
local co = coroutine.wrap(function() local a <close> = closer("co") coroutine.yield(1) return 2 end)
print(co()) print(co())
co = coroutine.create(function() local a <close> = closer("c1") local b <close> = closer("c2") coroutine.yield("waiting") end)
print(coroutine.resume(co)) print(coroutine.close(co), coroutine.status(co))
co = coroutine.create(function() local a <close> = closer("k1")
  local b <close> = closer("k2", function() error("k2", 0) end) coroutine.yield() end)
coroutine.resume(co) print(coroutine.close(co)) print(coroutine.status(co))
co = coroutine.create(function() for i in iter(9, "for in coroutine") do coroutine.yield(i) end end)
print(coroutine.resume(co)) print(coroutine.resume(co)) print(coroutine.close(co))
co = coroutine.create(function() pcall(function() local a <close> = closer("in pcall") coroutine.yield("in pcall") end)
  print("not reached") end)
print(coroutine.resume(co)) print(coroutine.close(co))
local function yielder(name) return closer(name, function(_, e) print("resumed with", coroutine.yield("closing " .. name, e)) end) end
co = coroutine.wrap(function() do local a <close> = yielder("y1") local b <close> = yielder("y2") end return "end" end)
print(co()) print(co("r1")) print(co("r2"))
co = coroutine.wrap(function() return pcall(function() local a <close> = yielder("z1") local b <close> = yielder("z2") error("Z",
  0) end) end)
print(co()) print(co("r1")) print(co("r2"))
co = coroutine.wrap(function() local a <close> = yielder("v1") return "v", nil, "w" end)
print(co()) print(co("r"))
co = coroutine.wrap(function() for i in iter(1, "yield in for close", function() coroutine.yield("for closing") end)
  do coroutine.yield(i) end return "done" end)
print(co()) print(co()) print(co())
co = coroutine.wrap(function() local a <close> = closer("w1", function() error("replaced", 0) end) error("original", 0) end)
print(pcall(co))
co = coroutine.create(function() local a <close> = closer("d1") error("died", 0) end)
local ok, e = coroutine.resume(co) local ok2, e2 = coroutine.close(co) print(ok, e, ok2, e2)

-- const
local C <const> = 10
local S <const>, T <const> = "str", {1}
T[1] = C + 1
print(C, S, T[1], (function() return C * 2 end)(), -C, C // 3, S .. C)
for _, src in ipairs{"local x <const> = 1; x = 2", "local x <close> = nil; x = 2", "local x <const> = 1; local function f() x = 2 end",
  "local x <const>, y = 1; y, x = 1, 2", "local x <unknown> = 1", "local a <close>, b <close> = nil",
  "local x <const> = 1; function x() end", "local x <const = 1", "local function f(x <const>) end", "local x <const>; return x",
  "local x <const> = 1; do local x = 2; x = 3; return x end", "for i <const> = 1, 2 do end",
  "local x <const> = 5; return load('x = 6; return x')(), x"} do
  local f, m = load(src, "=c") print(src) if f then print(f()) else print(m) end end
x = nil
