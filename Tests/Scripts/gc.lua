-- collectgarbage("collect"): what is reachable stays as it was

print(collectgarbage("collect"), collectgarbage("collect"))
print(select("#", collectgarbage("collect")), type(collectgarbage))

-- tables in tables
local root = {}
for i = 1, 100 do root[i] = {id = i, data = ("x"):rep(i % 7), sub = {i, i * 2, {i * 3}}} end
collectgarbage("collect")
for i = 1, 100, 5 do local r = root[i] print(i, r.id, #r.data, r.sub[1], r.sub[2], r.sub[3][1]) end
for i = 1, 100 do if i % 2 == 0 then root[i] = nil end end
collectgarbage("collect")
local n, sum = 0, 0
for k, v in pairs(root) do n = n + 1 sum = sum + v.sub[3][1] end
print(n, sum)

-- cycles
local a, b = {name = "a"}, {name = "b"}
a.other, b.other = b, a
a.self = a
b = nil
collectgarbage("collect")
print(a.other.name, a.other.other.name, a.self.self.self.name)
do local list for i = 1, 1000 do list = {next = list, v = i} end local tail = list while tail.next do tail = tail.next end tail.next = list
  collectgarbage("collect") local c, p = 0, list repeat c = c + p.v p = p.next until p == list print(c) end
for i = 1, 2000 do local x, y = {}, {} x.y, y.x = y, x end
print(collectgarbage("collect"))

-- closures keep their upvalues
local fs = {}
for i = 1, 20 do local t = {i} fs[i] = function(d) t[1] = t[1] + d return t[1] end end
collectgarbage("collect")
for i = 1, 20 do print(i, fs[i](1), fs[i](10)) end

-- strings made while collecting
local parts = {}
for i = 1, 300 do parts[#parts + 1] = ("part %d "):format(i):upper() if i % 50 == 0 then collectgarbage("collect") end end
local joined = table.concat(parts)
print(#joined, joined:sub(1, 24), joined:sub(-9))
local acc = "" for i = 1, 200 do acc = acc .. i % 10 if i % 40 == 0 then collectgarbage("collect") print(i, #acc, acc:sub(-5)) end end
local keys = {} for i = 1, 200 do keys["key " .. i] = "value " .. i end
collectgarbage("collect")
for _, i in ipairs{1, 50, 99, 150, 200} do print(keys["key" .. " " .. i]) end

-- coroutines keep their stacks
local cos = {}
for i = 1, 20 do cos[i] = coroutine.wrap(function() local t = {} for k = 1, 5 do t[k] = {i * k} coroutine.yield(t[k][1]) end local s = 0
  for k = 1, 5 do s = s + t[k][1] end return s end) end
for round = 1, 6 do local s = 0 for i = 1, 20 do s = s + cos[i]() end collectgarbage("collect") print("round", round, s) end
local co = coroutine.create(function(...) local t = {...} collectgarbage("collect") local u = {coroutine.yield(#t)}
  collectgarbage("collect") return u[1], t[3] end)
print(coroutine.resume(co, "x", "y", {"z"} and "z")) collectgarbage("collect") print(coroutine.resume(co, "u")) print(coroutine.status(co))

-- inside metamethods, comparators, replacements, errors and closings
local mt = {__index = function(_, k) collectgarbage("collect") return k .. "!" end, __add = function(x, y)
  collectgarbage("collect") return {sum = 1} end, __tostring = function()
collectgarbage("collect") return "collected" end, __close = function()
print("closing", collectgarbage("collect")) end, __call = function(_, ...) collectgarbage("collect") return ... end}
local obj = setmetatable({}, mt)
print(obj.x, obj.y, (obj + 1).sum, tostring(obj), obj(1, {} and 2, "three"))
do local c <close> = setmetatable({}, mt) end
local t = {} for i = 1, 30 do t[i] = {k = (i * 37) % 31} end
table.sort(t, function(x, y) collectgarbage("collect") return x.k < y.k end)
local ks = {} for i = 1, 30 do ks[i] = t[i].k end print(table.concat(ks, " "))
print((("a b c d"):gsub("%a", function(c) collectgarbage("collect") return c:rep(3) end)))
for w in ("one two three"):gmatch("%a+") do collectgarbage("collect") print(w) end
print(pcall(function() local big = {} for i = 1, 100 do big[i] = {i} end collectgarbage("collect") error("after collecting", 0) end))
print(select(2, pcall(error, setmetatable({m = "kept"}, mt))).m)
local chunk = load("local t = {} for i = 1, 50 do t[i] = {i} end collectgarbage('collect') return #t, t[50][1]") collectgarbage("collect")
print(chunk())
for k, v in pairs({10, 20, 30, x = 40}) do collectgarbage("collect") print(k, v) end
local clear = {} for i = 1, 50 do clear["k" .. i] = {i} end for k in pairs(clear) do clear[k] = nil collectgarbage("collect") end
print(next(clear))

-- a lot of garbage and little that stays
local keep = {}
for i = 1, 20000 do local g = {i, {i}, tostring(i)} if i % 2000 == 0 then keep[#keep + 1] = g end end
collectgarbage("collect")
for i, g in ipairs(keep) do print(i, g[1], g[2][1], g[3]) end
print(collectgarbage("collect"))
