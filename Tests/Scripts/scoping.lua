-- scopes, loops and _ENV
local function e(f, ...) local r = table.pack(pcall(f, ...)) print(table.unpack(r, 1, r.n)) end
local function list(t) return "[" .. table.concat(t, " ") .. "]" end

-- locals and shadowing
local x = 1
do local x = x + 1 print(x) do local x = x * 10 print(x) end print(x) end
print(x)
local x = x + 100
print(x)
local function shadow(x) local x = x and x * 2 or "none" do local x = "inner" end return x end
print(shadow(4), shadow())
local a, b, a = 1, 2, 3
print(a, b)
local f = function() return f end
print(f() == nil, (function() local function g() return g end return g() ~= nil end)())
if x then local x = "in if" print(x) else local x = "else" print(x) end
while true do local x = "in while" print(x) break end
for x = 1, 2 do local x = x * 5 print(x) end
for i = 1, 3 do local i = i * i print("own copy", i) end
for i = 1, 3 do local j = i i = 10 print("assigned", i, j) end
print(i, j)

-- repeat: the condition sees the locals of the body
local n = 0
repeat local done = n >= 3 n = n + 1 until done
print(n)
repeat local v = n n = n - 1 local g = function() return v end until g() <= 2 or v < 0
print(n)
repeat local x = 5 if x then break end until x
print("repeat over", x)

-- integer for loops
local function loop(a, b, c, max) local r = {} for i = a, b, c or 1 do r[#r + 1] = tostring(i)
if #r >= (max or 12) then r[#r + 1] = "..." break end end return list(r) end
local maxi, mini = math.maxinteger, math.mininteger
print(loop(1, 5), loop(5, 1), loop(5, 1, -1), loop(1, 10, 3), loop(10, 1, -4), loop(1, 1), loop(1, 0), loop(0, 0, -1), loop(3, 5, 100),
  loop(-3, 3))
print(loop(maxi - 2, maxi), loop(mini + 2, mini, -1), loop(maxi, maxi), loop(mini, mini), loop(maxi - 1, maxi, 5), loop(mini + 1, mini, -5))
print(loop(1, maxi, maxi), loop(-1, mini, mini), loop(mini, maxi, maxi), loop(maxi, mini, mini), loop(maxi, mini), loop(mini, maxi, 1, 3))
print(loop(1, math.huge, 1, 4), loop(1, -math.huge), loop(1, -math.huge, -1, 3), loop(maxi - 1, math.huge), loop(mini + 1, -math.huge, -1),
  loop(1, 3.9), loop(1, -3.9, -1), loop(3, 0/0), loop(-1, -3.2, -1), loop(1, 1e100, 1, 2))
print(loop(0, maxi, 1 << 62), loop(0, mini, -1 << 62), loop(1, 2^53, 2^53 | 0), loop(mini, mini + 2), loop(1, "3" + 0))

-- float loops
print(loop(1.0, 3), loop(1, 2, 0.5), loop(0, 1, 0.25), loop(1, 0, -0.25), loop(1.5, 1), loop(3.0, 1, -1), loop(0.0, -0.0),
  loop(1, 3.5, 1.0), loop(0, 0.5, 0.1))
print(loop(1.0, math.huge, 1, 3), loop(1.0, 0/0), loop(math.huge, math.huge, 1, 2), loop(2^53, 2^53 + 4, 1, 3), loop(-1.5, 1.5),
  loop(1e308, math.huge, 1e308, 3))
for i = 1, 3 do print(math.type(i)) end for i = 1.0, 2 do print(math.type(i)) end for i = 1, 2.5 do print(math.type(i)) end
for i = 1, 2, 1.0 do print(math.type(i)) end
e(function() for i = 1, 10, 0 do end end) e(function() for i = 1.0, 10, 0.0 do end end) e(function() for i = "1", 2 do end end)
e(function() for i = 1, "2" do end end) e(function() for i = 1, 2, "1" do end end) e(function() for i = nil, 1 do end end)
e(function() for i = 1, {} do end end) e(function() for i = 1, 10, print do end end) e(function() for i = 1, true do end end)

-- the limits are evaluated once and in order
local log = {} local function say(v) log[#log + 1] = v return v end
for i = say(1), say(3), say(1) do log[#log + 1] = "i" .. i end print(list(log))
local lim = 3 for i = 1, lim do lim = 10 n = i end print(n, lim)
-- generic for
for k, v, extra in function(s, c) if c < s then return c + 1, c * 2, "more" end end, 3, 0 do print(k, v, extra) end
for a in (function() local done = false return function() if not done then done = true return false end end end)()
do print("false goes on", a) end
for i, v in ipairs{"a", "b"} do i = i + 10 v = v .. i print(i, v) end for k in next, {5} do local k = k + 1 print(k) end
e(function() for k in nil, 1, 2 do end end)
local t = {10, 20, 30} for i, v in ipairs(t) do if i == 1 then t[4] = 40 end n = i end print(n) for i, v in ipairs(t)
do t[i + 1] = nil n = i end print(n, #t)

-- many locals and upvalues
local function many(k, fmt) local r = {} for i = 1, k do r[i] = fmt:format(i) end return table.concat(r, ",") end
for _, k in ipairs{1, 100, 198, 200, 201, 255} do local src = "local " .. many(k, "v%d") .. " = ... return v" .. k
local g, m = load(src, "=locals")
if g then print(k, g(table.unpack((function() local q = {} for i = 1, k do q[i] = i end return q end)()))) else print(k, m) end end
for _, k in ipairs{10, 100, 254, 255, 256} do local src = {} for i = 1, k do src[i] = ("local u%d = %d"):format(i, i)
if i % 100 == 0 then src[i] = src[i] .. " local function f" .. i .. "()" end end
local sum = many(k, "u%d"):gsub(",", "+") src[#src + 1] = "local function last() return " .. sum .. " end return last()"
for i = k // 100, 1, -1 do src[#src + 1] = "end return f" .. i * 100 .. "()" end local g, m = load(table.concat(src, "\n"), "=up")
if g then print(k, pcall(g)) else print(k, m) end end
print(select(2, load("local function f(" .. many(255, "p%d") .. ") end", "=params")))
print((load("return function(" .. many(190,
  "p%d") .. ") return p190 end")()(table.unpack((function() local q = {} for i = 1, 190
  do q[i] = i end return q end)())))) print(load("return " .. many(240, "%d"))()) print(select("#",
  load("return " .. many(250, "%d"))())) print(select(2, load("return f(" .. many(300, "%d") .. ")", "=args")))

-- _ENV
do local _ENV = {print = print} y = 5 print(y, _ENV.y, x) end print(y)
local function sandbox(env) local _ENV = env result = (input or 0) * 2 return result end local box = {input = 21}
print(sandbox(box), box.result, result) print(pcall(sandbox, nil)) print((function(_ENV) return a1 + b1 end){a1 = 3, b1 = 4})
do local print, setmetatable, G = print, setmetatable, _G
local _ENV = setmetatable({}, {__index = G, __newindex = function(_, k, v) print("global set", k, v) end}) foo = 1 bar = tostring(2)
print(foo, bar) end
do local _ENV <const> = {v = "const env"} local function get() return v end _G = nil v = get() .. "!" box.out = v end print(box.out)
e(function() local _ENV = nil return z end) e(function() local _ENV = 5 z = 1 end) e(function() local _ENV = {} z() end)
e(function() local _ENV = {} z.y = 1 end) print(_ENV == _G, _G._G == _G, _ENV._G ~= nil)
local function counter_env() local _ENV = {n = 0} return function() n = n + 1 return n end end local c1, c2 = counter_env(), counter_env()
print(c1(), c1(), c2(), c1()) glob = "g" print(glob, _G.glob, _ENV.glob, _G["glob"], rawget(_G, "glob")) _G.glob2 = glob .. 2
print(glob2) glob, glob2 = nil print(glob, glob2, rawget(_G, "glob"))
setmetatable(_G, {__index = function(_, k) return "undefined " .. k end,
  __newindex = function(tt, k, v) rawset(tt, k, tostring(v) .. "!") end}) print(nowhere,
  _G.nothing) fresh = "new" print(fresh) setmetatable(_G, nil) print(nowhere, fresh) fresh = nil
local function fenv(f_src, env) return load("local _ENV = ... return function() " .. f_src .. " end")(env) end
print(fenv("k = (k or 0) + 1 return k", {k = 9})(), fenv("return k", {})())

-- assignment: expressions first, then the stores
local i1, arr = 1, {} i1, arr[i1] = i1 + 1, "at one" print(i1, arr[1], arr[2]) local p, q, r = 1 print(p, q, r)
p, q, r = (function() return 1, 2, 3 end)() print(p, q, r) p, q = q, p print(p, q)
local s1 = {1, 2, 3} s1[1], s1[2], s1[3] = s1[3], s1[1], s1[2] print(list(s1)) do local tt = {} tt.a, tt.b, tt.c = 1, 2
print(tt.a, tt.b, tt.c) end
-- logic
for _, u in ipairs{1, 0, "", "x", true} do print(u, u and "and", u or "or", not u, u and nil, u == nil or "not nil") end
print(nil and 1, false and 1, nil or false, false or nil, nil == false, not nil, 1 and 2 and 3, nil and error("not run"),
  1 or error("not run"), false == nil, (nil or {1})[1]) print(1 < 2 and "yes" or "no", nil and "x" or "y", 1 == 1 and false or "third",
  not (1 > 2), not 1 == 2) for i = 1, 15 do print(i, i % 15 == 0 and "FizzBuzz" or i % 5 == 0 and "Buzz" or i % 3 == 0 and "Fizz" or i) end
