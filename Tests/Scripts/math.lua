-- math
local function s(v) if v ~= v then return "nan" end return tostring(v) end
local function r(v) return string.format("%.10g", v) end
local huge, maxi, mini = math.huge, math.maxinteger, math.mininteger
print(math.pi, huge, -huge, maxi, mini, math.type(math.pi), math.type(maxi))

-- rounding
local xs = {0, 1, -1, 0.5, -0.5, 1.5, -1.5, 2.5, 1e15 + 0.5, 2^53, -2^53, 2^62, 2^63, -2^63, 1e300, -1e300, huge, -huge, maxi, mini, 0.1,
  -0.0, 3.0, "4.7", "12"}
for _, x in ipairs(xs) do
  local ip, fp = math.modf(x)
  print(x, s(math.floor(x)), s(math.ceil(x)), math.type(math.floor(x)), math.type(math.ceil(x)), s(ip), s(fp), math.type(ip), math.type(fp))
end
print(s(math.modf(0/0)), s(select(2, math.modf(0/0))), s(math.floor(0/0)), math.modf(huge))

-- abs, fmod, sqrt
for _, x in ipairs{0, -1, 1, -1.5, mini, maxi, -huge, "-3", "-3.5", -0.0} do print("abs", x, math.abs(x), math.type(math.abs(x))) end
for _, a in ipairs{7, -7, 7.5, -7.5, mini, 0} do
  for _, b in ipairs{3, -3, 2.5, -1, 1, huge} do print("fmod", a, b, s(math.fmod(a, b)), math.type(math.fmod(a, b))) end
end
print(pcall(math.fmod, 1, 0)) print(s(math.fmod(1, 0.0)), s(math.fmod(huge, 1)), math.fmod(1, huge), math.fmod(-6, 2), math.fmod(-6.0, 2))
for _, x in ipairs{0, 1, 2, 4, 9, 1e10, 0.25, huge} do print("sqrt", x, math.sqrt(x)) end

-- powers and logarithms
for _, x in ipairs{0, 1, -1, 2, 10, 0.5, -huge} do print("exp", x, r(math.exp(x))) end
for _, x in ipairs{1, 2, 8, 10, 100, 1000, 1024, 0.5, 0, huge}
do print("log", x, r(math.log(x)), r(math.log(x, 2)), r(math.log(x, 10)), r(math.log(x, 3)), r(math.log(x, 0.5))) end
print(s(math.log(-1)), math.log(8, 2), math.log(1000, 10), math.log(2^40, 2), math.log(0))

-- trigonometry
for i = -8, 8 do local a = i * math.pi / 8
print("sin cos tan", i, r(math.sin(a) + 1), r(math.cos(a) + 1), i % 4 ~= 0 and r(math.tan(a)) or "-") end
for i = -4, 4 do local x = i / 4 print("asin acos atan", x, r(math.asin(x)), r(math.acos(x)), r(math.atan(x))) end
for _, p in ipairs{{0, 1}, {1, 0}, {0, -1}, {-1, 0}, {1, 1}, {-1, -1}, {1, -1}, {-0.0, -1}, {huge, huge}, {3, 4}}
do print("atan", p[1], p[2], r(math.atan(p[1], p[2]))) end
print(r(math.deg(math.pi)), r(math.deg(1)), r(math.rad(180)), r(math.rad(90)), r(math.deg(-math.pi / 2)), math.deg(0), math.rad(0))
print(math.sin(0), math.cos(0), math.tan(0), math.exp(0), math.asin(0), math.atan(0), s(math.asin(2)), s(math.sin(huge)))

-- max and min
print(math.max(1), math.max(1, 2, 3), math.max(3, 2.5, 1), math.max(-1, -2.5), math.max(1, 1.0), math.max(1.0, 1), math.max(maxi, huge),
  math.max("10", "9"))
print(math.min(1), math.min(1, 2, 3), math.min(3, 2.5, 1), math.min(-1, -2.5), math.min(1, 1.0), math.min(1.0, 1), math.min(mini, -huge),
  math.min("10", "9")) print(pcall(math.max, 1, "2"))
print(math.type(math.max(1, 2.0)), math.type(math.max(2, 1.0)), math.type(math.min(1, 2.0)), math.type(math.min(2, 1.0)))

-- integers
for _, v in ipairs{1, 1.0, 1.5, "1", "1.0", "x", 2^53, 2^63, -2^63, huge, true}
do print("tointeger", v, math.tointeger(v), math.type(v)) end

-- errors of arguments
for _, name in ipairs{"abs", "acos", "asin", "ceil", "cos", "deg", "exp", "floor", "fmod", "log", "max", "min", "modf", "rad",
  "sin", "sqrt", "tan", "tointeger", "type", "ult"} do
  print(name, select(2, pcall(math[name])), select(2, pcall(math[name], nil)))
  if name ~= "type" and name ~= "tointeger" then print(name, select(2, pcall(math[name], {}, 1)),
    select(2, pcall(math[name], "word", 1))) end
end
print(pcall(math.fmod, 1)) print(pcall(math.max, 1, "x")) print(pcall(math.min, 1, nil)) print(pcall(math.ult, 1, 2.5))
print(pcall(math.log, 1, {}))
print(pcall(function() return (math.atan("word")) end)) print(pcall(function() return (math.atan(1, {})) end))
print(pcall(function() return math.floor({}) end)) print(pcall(function() return math.max() end))
print(pcall(function() return math.nothing(1) end))

-- random: ranges only
local function within(lo, hi, n)
  for _ = 1, n do local v = math.random(lo, hi) if math.type(v) ~= "integer" or v < lo or v > hi then return false end end
  return true
end
for _, p in ipairs{{1, 1}, {1, 2}, {1, 6}, {-10, 10}, {0, 255}, {mini, maxi}, {maxi, maxi}, {mini, mini}, {mini, 0}, {0, maxi},
  {1, 2^31 | 0}} do print("random", p[1], p[2], within(p[1], p[2], 100)) end
local all = true for _ = 1, 1000 do local v = math.random() if math.type(v) ~= "float" or v < 0 or v >= 1 then all = false end end
print("random float", all)
all = true for n = 1, 200 do local v = math.random(n) if v < 1 or v > n then all = false end end print("random n", all)
print(math.type(math.random(0)), math.type(math.random(3.0)), math.random(5, 5), math.random("7", 7), math.random(1))
local seen = {} for _ = 1, 2000 do seen[math.random(6)] = true end print("all faces", #seen)
local low, high = 0, 0 for _ = 1, 2000 do if math.random() < 0.5 then low = low + 1 else high = high + 1 end end
print("both halves", low > 700, high > 700)
print(pcall(math.random, 0, -1)) print(pcall(math.random, 2, 1)) print(pcall(math.random, -5)) print(pcall(math.random, 1, 2, 3))
print(pcall(math.random, 1.5)) print(pcall(math.random, "x")) print(pcall(math.random, 1, {})) print(pcall(math.random, nil))
print(pcall(math.random, maxi, mini))

-- the same seed gives the same sequence
local function seq(...) math.randomseed(...) local t = {} for i = 1, 20 do t[i] = math.random(1000000) end return table.concat(t, " ") end
print(seq(1) == seq(1), seq(42) == seq(42), seq(1) == seq(2), seq(1, 2) == seq(1, 2), seq(3.0) == seq(3), seq(-1) == seq(-1))
print(pcall(math.randomseed, "x")) print(pcall(math.randomseed, {})) print(select("#", math.randomseed(5)) <= 2)
