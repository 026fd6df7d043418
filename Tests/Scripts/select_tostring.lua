-- select, type, tostring, tonumber, print
local function e(f, ...) local r = table.pack(pcall(f, ...)) print(table.unpack(r, 1, r.n)) end
local function s(v) if v ~= v then return "nan" end return tostring(v) end

-- select
for i = 1, 5 do print(i, select(i, "a", "b", "c", nil, "e")) print(-i, select(-i, "a", "b", "c", nil, "e")) end
print(select(6, "a", "b", "c", nil, "e")) print(select("#")) print(select("#", nil)) print(select("#", nil, nil))
print(select("#", select(2, 1, 2, 3))) print((select(2, "x", "y", "z"))) print(select(math.maxinteger, 1)) print(select("3", 1, 2, 3))
print(select(1.0, "f"))
e(select) e(select, 0) e(select, -1) e(select, -3, 1, 2) e(select, {}) e(select, nil) e(select, 1.5) e(select, "##") e(select, "x")
e(select, math.mininteger, 1) e(select, "") e(select, true)
local function last(...) return (select(select("#", ...), ...)) end print(last(1, 2, 3), last("only"), last(nil, false))
local function rev(...) local r = {} for i = select("#", ...), 1, -1
do r[#r + 1] = tostring((select(i, ...))) end return table.concat(r, " ") end print(rev(1, nil, "x", false))

-- type
for _, v in ipairs{1, 1.5, "s", true, {}, print, function() end, coroutine.create(print)} do print(type(v), math.type(v), type(type(v))) end
print(type(nil), type(type), type(_G), type(nil) == "nil", pcall(function() return type(select(2, 1)) end)) e(type)
print(type(setmetatable({}, {__name = "Named", __type = "x"})), type(string), type(math.huge), type("" .. 1))

-- tostring
for _, v in ipairs{0, -1, 10, 1.0, -0.0, 1e15, 1e16, 1e100, 0.1, 1/3, 123.456, 2^31, 2^53, 2^63, -2^63, math.maxinteger, math.mininteger,
  math.huge, -math.huge, math.pi, 1e-10, 5e-324, 100, 1e2, 3.14e2, true, false, "text", ""} do print(tostring(v), type(tostring(v)),
  #tostring(v)) end
print(tostring(nil), #tostring(nil), tostring("a\tb"), tostring("x", "ignored"), #tostring("nul\0")) e(tostring)
for _, v in ipairs{{}, print, function() end, coroutine.create(print)}
do print((tostring(v):gsub("^(%a+: ?%a*:? ?).*$", "%1")) ~= "", tostring(v):match("^%a+"), tostring(v) == tostring(v)) end
print(tostring({}) ~= tostring({}) or "same", tostring(string.rep) == tostring(string.rep))
local TS = function(r) return setmetatable({}, {__tostring = function() return r end}) end
print(tostring(TS("custom")), tostring(TS("")) == "", #tostring(TS(("long "):rep(100)))) e(tostring, TS(nil)) e(tostring, TS({}))
e(tostring, TS(true)) e(tostring, TS(12)) e(tostring, TS(1.5))
e(tostring, setmetatable({}, {__tostring = function() error("in __tostring", 0) end}))
print((pcall(tostring, setmetatable({}, {__tostring = function() error({}) end}))))
e(tostring, setmetatable({}, {__tostring = "no function"}))
e(tostring, setmetatable({}, {__tostring = setmetatable({}, {__call = function() return "by __call" end})}))
local seen = setmetatable({}, {__tostring = function(self, ...) return "args " .. select("#", ...) .. " " .. type(self) end})
print(tostring(seen, 1, 2), tostring(seen))
print((tostring(setmetatable({}, {__name = "My.Class"})):gsub(": .*", "")), (tostring(setmetatable({}, {__name = ""})):gsub(": .*", "")),
  (tostring(setmetatable({}, {__name = 42})):gsub(": .*", "")),
  (tostring(setmetatable({}, {__name = "N", __tostring = function() return "first" end})))) print(tostring(setmetatable({},
  {__tostring = function() return "a\0b" end})) == "a\0b", tostring(setmetatable({1}, {__index = {__tostring = 1}})):match("^table"))

-- tonumber of strings
local texts = {"0", "10", "-10", "+10", " 10 ", "\t10\n", "10.", ".5", "-.5", "+.5e1", "1e3", "1E3", "1e+3", "1e-3", "1e", "e1", ".", "",
  " ", "-", "+", "--1", "- 1", "1 2", "1,000", "1_000", "0x10", "0X1f", "-0x10", "0x", "0x.8", "0x1p4", "0x1.8p1", "0x.p1", "0xg", "x10",
  "1e400", "-1e400", "1e-400", "inf", "nan", "NaN", "infinity", "0x1p-2", "9223372036854775807", "9223372036854775808",
  "-9223372036854775808", "-9223372036854775809", "0x7fffffffffffffff", "0xffffffffffffffff", "0x1ffffffffffffffff",
  "1.7976931348623157e308", "00010", "1\0", "1a", "abc", "१", "1.2.3", "1..2", "0b1", "0o7", "1f", "1L", "true", "nil", "0x1P+3",
  "  0x1F  ", "1e1.5", "5.0", "-0", "-0.0", "0e12", ".e1", "1.e1"}
for _, v in ipairs(texts) do local r = tonumber(v) print(string.format("%q", v), s(r), math.type(r or 0), r and 1 / r ~= nil) end
for _, v in ipairs{1, 1.5, -0.0, math.huge, math.mininteger} do print(tonumber(v), math.type(tonumber(v))) end
print(tonumber({}), tonumber(true), tonumber(nil), tonumber(print)) e(tonumber) print(tonumber("10", nil))

-- tonumber with bases
for _, p in ipairs{{"10", 2}, {"10", 8}, {"10", 10}, {"10", 16}, {"10", 36}, {"ff", 16}, {"FF", 16}, {"-ff", 16}, {"zz", 36}, {"ZZ", 36},
  {"7", 8}, {"8", 8}, {"2", 2}, {"", 10}, {" ", 10}, {" 11 ", 2}, {"1 1", 2}, {"0x10", 16}, {"1.5", 10}, {"1e1", 10}, {"1e1", 16}, {"-",
  10}, {"--1", 10}, {"+1", 10}, {"-0", 10}, {"7fffffffffffffff", 16}, {"ffffffffffffffff", 16}, {"10000000000000000", 16},
  {"9223372036854775808", 10}, {"123", 3}, {"122", 3}, {"\t12\n", 5}, {"12\0", 10}, {"abc", 13}, {"abc", 12}, {("1"):rep(64),
  2}, {("1"):rep(70), 2}, {"1", 36}, {"- 1", 10}} do print(string.format("%q", p[1]), p[2], tonumber(p[1], p[2])) end
e(tonumber, "1", 1) e(tonumber, "1", 37) e(tonumber, "1", 0) e(tonumber, "1", -2) e(tonumber, 10, 10) e(tonumber, 1.5, 10)
e(tonumber, nil, 10) e(tonumber, {}, 10) e(tonumber, "1", "x") e(tonumber, "1", 2.5) e(tonumber, "1", {})
print(tonumber("11", "2"), tonumber("11", 2.0), tonumber("1", 10, "extra"))
for base = 2, 36 do local function enc(v)
local r = "" repeat local d = v % base r = ("0123456789abcdefghijklmnopqrstuvwxyz"):sub(d + 1,
  d + 1) .. r v = v // base until v == 0 return r end local t = enc(123456789) print(base, t, tonumber(t, base), tonumber(t:upper(),
  base), tonumber("-" .. t, base)) end

-- print
print() print(nil) print(nil, nil) print("") print("", "") print(1, 1.0, "1", true, false, nil) print("a\tb", "c") print("line\nbreak")
print(TS("by __tostring"), TS("twice")) print((print("nested"))) print(select("#", print()))
print(1e15, 1e14, 2^53, -0.0, 10 // 3, 10 / 2, 3 | 0, "10" + 0, 1e300 * 1e10) print(("x"):rep(200)) print(table.unpack({1, 2, 3}))
print((table.unpack({1, 2, 3}))) print("percent %d %s %%") print("ünïcödé 日本") local many = {} for i = 1, 100 do many[i] = i end
print(table.unpack(many))
e(print, TS(nil)) e(print, setmetatable({}, {__tostring = function() error("cannot print", 0) end})) e(print, TS(7))
local depth = setmetatable({}, {__tostring = function() print("inside") return "outside" end}) print(depth) print(pcall(print))
do local tostring = function() return "not used" end print(12, true) end
local old = tostring _G.tostring = function() return "not used either" end print(1, nil) _G.tostring = old

-- rawequal, rawlen and the like on mixed values
for _, a in ipairs{1, 1.0, "1", true} do local r = {} for _, b in ipairs{1, 1.0, "1", true}
do r[#r + 1] = tostring(rawequal(a, b)) .. "/" .. tostring(a == b) end print(a, table.concat(r, " ")) end
print(#tostring(12345), -tonumber("5"), tostring(12) + 1, tostring(1) .. tostring(2), tostring(tonumber("0x10")),
  tonumber(tostring(0.1)) == 0.1, tonumber(tostring(1/3)) == 1/3, tonumber(tostring(math.mininteger)) == math.mininteger,
  math.type(tonumber(tostring(1.0))), math.type(tonumber(tostring(1e15)))) print(next({}), type(next), rawlen({1, 2}), rawget({5},
  1), _VERSION, type(_VERSION))
