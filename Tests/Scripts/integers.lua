-- integers and floats
local maxi, mini, huge = math.maxinteger, math.mininteger, math.huge
local nan = 0 / 0
-- the sign of a NaN is not determined, so it is not printed
local function s(v) if v ~= v then return "nan" end return tostring(v) end
local function try(f, ...) local ok, v = pcall(f, ...) return ok and s(v) or (v:gsub("^[^:]+:%d+: ", "")) end

-- how numbers are written
for _, v in ipairs{0, -0, 1, -1, 255, maxi, mini, 0.0, -0.0, 1.0, -1.5, 1e15, 1e16, 1e100, 1e-5, 1e-4, 123456789012.0, 0.1, 1/3, 2^53, 2^63,
  -2^63, 2^64, 1e308, 5e-324, huge, -huge, 3.14159265358979, 100000000000000, 1e14, 123456.789e3, 0x10, 0xff, 0xA.8p0, 0x.1p4, 0x1p-2,
  0xffffffffffffffff, 0x7fffffffffffffff, 0x1ffffffffffffffff, 9223372036854775807, 9223372036854775808, 1e2, .5, 5., 3e-2,
  0x1p4} do print(v, math.type(v)) end

-- every operator on pairs of numbers
local vals = {7, -7, 2, -2, 0, 7.0, -7.5, 2.5, -0.0, huge, maxi, mini}
local ops = {
  {"+", function(a, b) return a + b end}, {"-", function(a, b) return a - b end}, {"*", function(a, b) return a * b end}, {"/",
    function(a, b) return a / b end},
  {"//", function(a, b) return a // b end}, {"%", function(a, b) return a % b end}, {"==", function(a, b) return a == b end}, {"<",
    function(a, b) return a < b end}, {"<=", function(a, b) return a <= b end},
}
for _, op in ipairs(ops) do
  for _, a in ipairs(vals) do
    local row = {}
    for _, b in ipairs(vals) do row[#row + 1] = try(op[2], a, b) end
    print(op[1], s(a), table.concat(row, " "))
  end
end
for _, a in ipairs{2, -2, 0, 2.5, 10, 0.5} do local row = {} for _, b in ipairs{0, 1, 2, 3, -1, 0.5, 10} do row[#row + 1] = s(a ^ b) end
print("^", a, table.concat(row, " ")) end

-- overflow wraps around
print(maxi + 1 == mini, mini - 1 == maxi, maxi * 2, mini * -1, -mini, mini // -1, mini % -1, maxi * maxi, mini * mini)
print(maxi + 1.0, maxi + 0.0 == 2^63, mini + 0.0 == -2^63, maxi // 1 | 0, math.abs(mini))
print(9223372036854775807 + 0, -9223372036854775808, 9223372036854775808, -9223372036854775809)

-- signs of // and %
for _, a in ipairs{5, -5, 5.5, -5.5} do for _, b in ipairs{3, -3, 3.0, -3.0, huge, -huge} do
  print(a, b, a // b, a % b, a == (a // b) * b + a % b or a // b == -1 or b == huge or b == -huge) end end
print(try(function() return 1 // 0 end), try(function() return 1 % 0 end), 1.0 // 0, -1 // 0.0, s(1 % 0.0), s(0.0 / 0), 1 // huge,
  -1 // huge, 1 % huge, -1 % huge, 1 % -huge)
print(-0.0 == 0, 1 / -0.0, 1 / (0 * -1), 1 / (0.0 * -1), s(huge - huge), s(huge * 0), nan == nan, nan ~= nan, nan < nan, nan >= 1, 1 < nan)

-- bitwise
for _, a in ipairs{0, 1, -1, 0xF0, maxi, mini, 5.0, -2.0, 2.0^40} do print(a, a & 0xFF, a | 0x0F, a ~ 0xFF, ~a, a << 4, a >> 4) end
for _, n in ipairs{0, 1, 8, 31, 32, 62, 63, 64, 65, 1000, -1, -63, -64, -1000, maxi, mini}
do print("shift", n, 1 << n, -1 >> n, -1 << n, 1 >> n, 0xFF << n) end
for _, v in ipairs{1.5, 2^63, -2^63, 2^53, huge, nan, "1.5", "x", "1e1", {}}
do print(try(function() return v | 0 end), try(function() return 1 << v end), try(function() return ~v end)) end
print(0xFFFFFFFF << 32 >> 32, (0xFFFFFFFF << 32) >> 63, 1 << 63 == mini, ~0 >> 1 == maxi, 5 // 0.3 | 0, 2^31 | 0, -1 ~ -1, 6 & 3 | 8 ~ 1)

-- precedence
print(2 ^ 3 ^ 2, -2 ^ 2, not 1 == 2, 1 .. 2 == "12", 2 * 3 % 4, 7 // 2 * 2, 1 + 2 << 3, 1 << 2 + 3, 5 & 3 == 1 and 1, 1 | 2 ~ 3 & 4, -3 % 5,
  (-3) % 5, -(3 % 5), 2 ^ -1, ~0 & 7, #"abc" + 1, -"2" + 0, - - 3, not nil == true)

-- comparisons of integers and floats at the limits
local pts = {2^53 - 1, 2^53, 2^53 + 2, 9007199254740991, 9007199254740992, 9007199254740993, 2^63, -2^63, maxi, maxi - 1, mini, mini + 1,
  1e300, -1e300}
for i, a in ipairs(pts) do local row = {} for _, b in ipairs(pts)
do row[#row + 1] = (a < b and "<" or a == b and "=" or a > b and ">" or "?") .. (a <= b and "L" or "") .. (a >= b and "G" or "") end
print(i, table.concat(row, " ")) end
print(maxi < 2^63, maxi + 0.0 == maxi, maxi <= maxi + 0.0, mini == -2^63, mini <= -2^63, mini < -2^63, 1 == 1.0, 1 < 1.5, -1 > -1.5,
  maxi < huge, mini > -huge, maxi < nan, maxi > nan)
local keys = {} keys[1] = "int" keys[1.0] = "float" keys[2^53] = "big" keys["1"] = "string" keys[1.5] = "frac"
print(keys[1], keys[1.0], keys[2^53 | 0], keys["1"], keys[3 / 2], math.type(next({[3.0] = 1})))

-- conversions
local conv = {1, 1.0, 1.5, -0.0, 2^53, 2^63, -2^63, huge, nan, "8", "8.0", "8.5", "0x10", " 12 ", "1e3", "", "abc", "1 2", "0x", "1e",
  "inf", "nan", true, {}}
for _, v in ipairs(conv) do
  local name = type(v) == "table" and "{}" or v ~= v and "nan" or string.format(type(v) == "string" and "%q" or "%s", v)
  print(name, s(tonumber(type(v) ~= "table" and v or nil)), math.type(tonumber(type(v) ~= "table" and v or 0)), s(math.tointeger(v)),
    math.type(v))
end
print(math.tointeger("8"), math.tointeger("x"), math.tointeger(3.0), math.tointeger(3.5), pcall(math.tointeger)) print(pcall(math.type))
print(math.type("1"), math.type(nil))

-- strings in arithmetic, numbers in concatenation
print("10" + 5, "10" + "5", "1.5" * 2, "0x10" + 0, " 5 " - 1, "10" / 2, "7" // 2, "7" % "4", "2" ^ 2, -"3", "1e1" * 1, "10" // 3.0, - "0x7")
print(1 .. 2, 1.0 .. "", -0.0 .. "", 2^53 .. "|", 1e100 .. "", maxi .. "", 10 // 3 .. "", 1 .. "" == "1", "10" == 10, "10" + 0 == 10)
print(10 .. "" < 9 .. "", "a" .. 1 + 2, 2 .. 3 + 1, math.type("10" + 0), math.type("10" + 0.0), math.type("1e1" + 0),
  math.type("9223372036854775807" + 0), math.type("9223372036854775808" + 0))

-- unsigned comparison, and division by parts
for _, p in ipairs{{1, 2}, {-1, 1}, {1, -1}, {mini, maxi}, {-2, -1}, {0, 0}} do print("ult", p[1], p[2], math.ult(p[1], p[2])) end
print(pcall(math.ult, 1.5, 2)) print(pcall(math.ult, 1)) print(math.ult("1", 2.0))
local function udiv(n, d) if d < 0 then return math.ult(n, d) and 0 or 1 end local q = ((n >> 1) // d) << 1
local r = n - q * d return not math.ult(r, d) and q + 1 or q end
print(udiv(-1, 10), udiv(mini, 2), udiv(100, 7), udiv(-1, -1), udiv(5, -1), string.format("%x %X %d", -1, 255, udiv(-1, 16)))

-- accumulated
local h = 5381 for i = 1, 1000 do h = h * 33 + i end print("hash", h)
local f = 1.0 for i = 1, 25 do f = f * i end print("float factorial", f, f // 1, string.format("%.0f", f))
local r = 0 for i = 1, 64 do r = r << 1 | (i % 3 == 0 and 1 or 0) end print("bits", r, string.format("%016x", r))
local x = 88172645463325252 for i = 1, 20 do x = x ~ x << 13 x = x ~ x >> 7 x = x ~ x << 17 print("xorshift", x) end
