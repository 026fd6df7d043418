-- strings
local function e(f, ...) local r = table.pack(pcall(f, ...)) print(table.unpack(r, 1, r.n)) end
local function q(v) return type(v) == "string" and (string.format("%q", v):gsub("[\128-\255]",
  function(c) return "\\" .. c:byte() end)) or tostring(v) end
local function show(...) local r = {} for i = 1, select("#", ...) do r[i] = q((select(i, ...))) end return table.concat(r, " ") end
local function pf(f, ...) print(show(f, ...)) end

-- escapes and long strings
pf("\a\b\f\n\r\t\v\\\"\'", "\x41\x7a", "\65\066\0670", "\u{41}\u{20AC}\u{1F600}\u{7FFFFFFF}" == "A€😀\xFD\xBF\xBF\xBF\xBF\xBF", "a\z
     b", 'single "double"', "nul\0byte", "line\
two")
pf([[long]], [==[with ]] and ]=] inside]==], [[
first newline is dropped]], #[[

]], [[\n is not an escape]], "\0\1\200\255")

-- len, sub, byte, char, rep, reverse, upper, lower
print(#"", #"abc", ("\0\0"):len(), ("é"):len(), string.len("x\n"))
for _, r in ipairs{{1, 3}, {2}, {-2}, {0}, {3, 2}, {-100, 100}, {2, -2}, {-3, -2}, {6}, {5, 5}, {math.mininteger, math.maxinteger}, {1, 0},
  {"2", 3.0}, {-1, math.mininteger}} do print(show(r[1], r[2]), show(("hello"):sub(r[1], r[2] or -1))) end
pf(("abc"):byte(), ("abc"):byte(2), ("abc"):byte(1, -1))
pf(("abc"):byte(10), ("abc"):byte(-1), (""):byte(), ("abc"):byte(0), ("\255\0"):byte(1, 2))
pf(string.char(), string.char(72, 105), string.char(0, 255), string.char("65"))
e(string.char, 256) e(string.char, -1) e(string.char, 65, "x") e(string.sub) e(string.sub, "x") e(string.sub, "x", {}) e(string.byte, {})
e(string.len) e(string.upper) e(string.reverse, nil) e(string.sub, "x", 1.5) e(string.byte, "x", "y")
pf(("ab"):rep(3), ("ab"):rep(0), ("ab"):rep(-5), ("ab"):rep(1, ","), ("ab"):rep(3, ", "), (""):rep(1000), (""):rep(3, "-"), ("x"):rep(2.0),
  ("\0"):rep(3), #("abc"):rep(10000), #("a"):rep(1000, "bc")) e(string.rep, "xx", 1 << 62) e(string.rep, "xyz",
  math.maxinteger) e(string.rep, "x", 1.5) e(string.rep, "x") e(string.rep, "x", 2, {}) e(string.rep, "abc", math.maxinteger, "d")
pf(("hello"):reverse(), (""):reverse(), ("a\0b"):reverse(), ("MiXed 123 é"):upper(), ("MiXed 123 É"):lower(), (1.5 .. ""):reverse())

-- find: plain, with init, with patterns, anchors
local finds = {{"hello world", "o"}, {"hello world", "o", 6}, {"hello world", "o", -3}, {"hello", ""}, {"hello", "", 6}, {"hello", "", 7},
  {"", ""}, {"hello", "l+"}, {"hello", "l", -100}, {"a.b", ".", 1, true}, {"a.b", "%."}, {"a+b", "a+b"}, {"a+b", "a+b", 1, true}, {"hello",
  "^h"}, {"hello", "^e"}, {"hello", "^l", 3}, {"hello", "o$"}, {"hello", "l$"}, {"a$b", "$b"}, {"a^b", "a^b"}, {"hello", "(h)(e)(l+)"},
  {"hello", "()ll()"}, {"x", "y"}, {"hello", "xyz", 1, true}, {"aXb", "%u"}, {"  trim  ", "^%s*(.-)%s*$"}, {"key = value",
  "(%w+)%s*=%s*(%w+)"}, {"a\0b\0c", "\0"}, {"a\0b", "%z"}, {"a\0b", "[^\0]+", 2}, {"abc", "b", "2"}, {"aaab", "a-b"}, {"aaa", "a-"},
  {"aaa", "a-$"}, {"[x]", "[]]"}, {"a-b", "[a%-]+"}, {"x^y", "[%^x]+"}, {"]]", "[^]]"}, {"abc123", "[a-c1-2]+"}, {"-", "[+-]"}, {"é",
  "[\xc3][\xa9]"}, {"THE (quick) fox", "%((%a+)%)"}, {"f(a(b)c)d", "%b()"}, {"((x)", "%b()"}, {"<<a>", "%b<>"}, {"''", "%b''"},
  {"THE (quick) fox", "%f[%a]%a+%f[%A]", 5}, {"foo.bar", "%f[%w]%w+$"}, {"", "%f[%z]"}, {"abc", "%f[\0]"}, {"abcabc", "(abc)%1"}, {"abab",
  "((a)(b))%1"}, {'say "hi" now', '(["\'])(.-)%1'}, {"a", "a?a?a"}, {"aab", "a?ab"}, {"x=1, y=2", "(%w)=(%w), (%w)=(%w)"}, {"0x1F", "%x+"},
  {"tab\there", "%c"}, {"!?.", "%p+"}, {"a_b", "%w+"}, {"é", "%a"}, {"ab12 ", "%g+"}, {"%", "%%"}, {"a\nb", "a.b"}, {"aaaa",
  "^(a-)(a*)$"}, {"abc", "[a-]"}, {"a-", "[a-]+"}, {"5", "[%d-z]"}, {"Z", "[^%l]"}, {"word", "()"}, {"  x", "%S"}, {"12:34", "(%d+):(%d+)"}}
for i, f in ipairs(finds) do print(i, show(f[1], f[2], f[3]), "find", show(string.find(f[1], f[2], f[3], f[4])))
if not f[4] then print(i, "match", show(string.match(f[1], f[2], f[3]))) end end

-- character classes over all bytes
for _, c in ipairs{"%a", "%c", "%d", "%g", "%l", "%p", "%s", "%u", "%w", "%x", "%A", "%D", "%S", "%W", ".", "[%w_]", "[^%s%c]",
  "[\128-\255]", "[%a%d]", "[!-/]"} do
  local n, sum = 0, 0 for b = 0, 255 do if string.char(b):find(c) then n = n + 1 sum = sum + b * b end end print("class", q(c), n, sum) end

-- gmatch
local function gm(s, p, init) local r = {} for a, b in s:gmatch(p, init) do r[#r + 1] = q(a) .. (b ~= nil and "/" .. q(b) or "") end
print(show(s, p, init), #r, table.concat(r, " ")) end
gm("one two  three", "%a+") gm("a=1, b=2, c", "(%w+)=(%w+)") gm("abc", "") gm("abc", "()") gm("", "") gm("", "x*") gm("a,b,,c", "([^,]*)")
gm("aXbXc", "X*") gm("hello", "l") gm("abc", "^a") gm("^a^a", "^a") gm("aaa", "a-") gm("k1=v1;k2=v2", "(%w+)=(%w+);?", 4)
gm("abcd", "%a", -2) gm("abcd", "%a", 10) gm("x(1)(2)", "%b()") gm("THE (quick) fox", "%f[%a]%a+") gm("a\0b\0", "%Z+")
gm("2024-01-31", "%d+") gm("one;two;;four", "([^;]*);?")
e(string.gmatch) e(string.gmatch, "x") e(string.gmatch, {}, "x") e(string.gmatch("x", "(")) e(string.gmatch("x", "%"))
print(type(("x"):gmatch("y")), select("#", ("x"):gmatch(".")()), ("x"):gmatch("y")()) for w in string.gmatch("outer list", "%a+")
do for c in w:gmatch("[aeiou]") do print(w, c) end end

-- gsub: replacements of each kind
local function gs(...) print(show(string.gsub(...))) end
gs("hello world", "o", "0") gs("hello world", "o", "0", 1) gs("hello world", "o", "0", 0) gs("hello", "", "-") gs("hello", "x*", ".")
gs("", "", "e") gs("abc", "%w", "%0%0") gs("hello world", "(%w+) (%w+)", "%2 %1") gs("abc", "(b)", "[%1]") gs("abc", "b", "[%1]")
gs("abc", "b", "%%") gs("abc", "()", "%1") gs("a.b.c", "%.", "%%.") gs("abc", "^a", "x") gs("aaa", "^a", "x") gs("abc", "c$", "x")
gs("a b", "%s", "\0") gs("abc", "b", 5) gs("abc", "b", 1.5) gs("  x  ", "^%s+", "") gs("x^2", "%^", "**")
gs("abc", ".", {a = "1", c = false}) gs("$name is $age", "%$(%w+)", {name = "Ann", age = 30})
gs("$a $b", "%$(%w+)", setmetatable({}, {__index = function(_, k) return "<" .. k .. ">" end}))
gs("abc", "(a)(b)(c)", function(...) return table.concat({...}, "+") .. select("#", ...) end)
gs("abc", "%w", function(c) if c == "b" then return nil end return c:upper() end)
gs("abc", "%w", function(c) return c ~= "b" and c .. c end) gs("1 2 3", "%d", function(d) return d * 2 end)
gs("1 2 3", "%d", function(d) return tonumber(d) + 0.5 end) gs("abc", "()", function(p) return p end)
gs("abc", "b", function() return "x", "y" end) gs("f(a,b)", "%b()", function(s) return "[" .. s:sub(2, -2) .. "]" end)
gs("hello", "l", {l = "L"}, 1) gs("abc", "%w", "%0", -1) gs("aXbX", "X", "", 1.0) gs(12345, "3", "x")
gs("THE (quick) fox", "%f[%a]%a", string.lower) gs("a,b;c", "[,;]", {[","] = " comma ", [";"] = " semicolon "})
gs("abcabc", "(a)b(c)%1", "%2") gs("x y", "(%w) (%w)", "%2%1%0") gs(("ab"):rep(50), "ab", "c", 49) gs("a", "a*", "x") gs("ba", "a*", "x")
gs("baac", "a*", "-")
gs("outer", "%w+", function(w) return (w:gsub("t", function(c) return (c:gsub("t", "T")) end)) end)
e(string.gsub, "abc", "b", "%2") e(string.gsub, "abc", "b", "%x") e(string.gsub, "abc", "b", "%") e(string.gsub, "abc", "b", {b = {}})
e(string.gsub, "abc", "b", function() return {} end) e(string.gsub, "abc", "b", function() return true end) e(string.gsub, "abc", "b")
e(string.gsub, "abc", "b", nil) e(string.gsub, "abc", "b", true) e(string.gsub, "abc", "b", print, "x")
e(string.gsub, "abc", "b", function() error("in the function", 0) end)
e(string.gsub, "abc", "b", setmetatable({}, {__index = function() error("in __index", 0) end})) e(string.gsub) e(string.gsub, "x", "(x", "")
e(string.gsub, "abc", "(a)", "%9")

-- malformed patterns
for _, p in ipairs{"%", "a%", "[a", "[]", "[^]", "[a-", "[%", "[%a", "(", "(a", ")", "a)", "(()", "%b", "%bx", "%f", "%fa", "%1", "(%1)",
  "(a)%2", "[a-]b[", "%g%", ("("):rep(33) .. ("x") .. (")"):rep(33), ("a?"):rep(10) .. "[", "%0"} do print(show(p), select(2,
  pcall(string.find, "aab", p)), select(2, pcall(string.gsub, "xx", p, ""))) end
print(pcall(string.find, ("a"):rep(3000), ("a?"):rep(5) .. "b")) print(select("#", string.find("x", ("(x?)"):rep(32)))) e(string.find)
e(string.find, "x") e(string.find, "x", "x", "y") e(string.find, nil, "x") e(string.match, "x", {}) e(string.match)
print(#("x"):rep(1000):match(".-$"), ("a"):rep(1000):find("a-b"), #("x"):rep(5000):match("^(.*)$"))

-- format: every specifier
local function f(...) print(q(string.format(...))) end
for _, s in ipairs{"%d", "%5d", "%-5d|", "%05d", "%+d", "% d", "%.3d", "%8.3d", "%i", "%x", "%X", "%#x", "%o", "%#o", "%08x", "%-8x|"}
do f(s .. " " .. s .. " " .. s, 0, 42, s:find("[xXo]") and 255 or -42) end
for _, s in ipairs{"%f", "%.0f", "%.2f", "%10.3f", "%-10.1f|", "%+f", "%010.2f", "%e", "%.2e", "%E", "%g", "%.3g", "%G", "%.10g", "%#.3g",
  "%a", "%.1a", "%A", "%.14g", "%.17g", "%5.1f", "%.20f", "%.99f"} do f(s, 0) f(s, 1) f(s, -1.5) f(s, 123456.789) f(s, 1e20) f(s, 1/3) end
f("%f %g %e", math.huge, -math.huge, math.huge) f("%d %d", 3.0, "10") f("%s %s %s %s", nil, true, 1, 1.0)
f("%s|%10s|%-10s|%.2s|%5.1s|", "a", "right", "left", "cut", "both") f("%c%c%c", 76, 117, 97) f("%5c|%-5c|", 65, 66) f("%%") f("")
f("%s", "nul\0inside") f("%.3s", "€uro") f("%-20s%s", "a", "b") f("%.0s", "gone") f("%s", ("x"):rep(300)) f("%5s", 12) f("%x", -1)
f("%u" == "" and "" or "%d", math.mininteger) f("%i", math.maxinteger) f("%c", 0) f("%s %s", 1, 2, 3) f("%20.10s|", ("abc"):rep(10))
f("%.20s", "short") f("%q", "q\"uo\\te\n\0001\r\200") f("%q %q %q %q", 1, 1.5, true, nil) f("%q", math.mininteger) f("%q", math.huge)
f("%q", -math.huge) f("%q", 0.1) f("%q", 1e100) f("%q", "\0009\09") f("%q", "") print(string.format("%q", 0/0))
print(load("return " .. string.format("%q", "a\nb\0c\"\\\r\1272"))() == "a\nb\0c\"\\\r\1272",
  load("return " .. string.format("%q", 0.1))() == 0.1, load("return " .. string.format("%q", math.mininteger))() == math.mininteger)
for _, s in ipairs{"%", "%y", "%10", "%l", "%123d", "%.123d", "%#d", "%+s", "%0s", "%-q", "%5q", "%d", "%s", "%c", "%q", "%+x", "%.3c",
  "%0c", "%#s", "% x", "%-05d", "%+ -0#d", "%h"} do print(s, pcall(string.format, s, 1)) end
e(string.format, "%d", 1.5) e(string.format, "%d", "1.5") e(string.format, "%d", "x") e(string.format, "%d", {})
e(string.format, "%x", 2^63) e(string.format, "%f", "x") e(string.format, "%c", "x") e(string.format, "%q", {})
e(string.format, "%q", print) e(string.format, "%s") e(string.format) e(string.format, {}) e(string.format, "%s %s", 1)
e(string.format, "%10s", "nul\0") e(string.format, "%s", setmetatable({}, {__tostring = function() return "TS" end}))
e(string.format, "%s", setmetatable({}, {__tostring = function() return 1 end})) e(string.format, "%d", "0x10")
e(string.format, "%d", "3.0") e(string.format, "%.3f", "2.5") e(string.format, "%5.2s|", "abc") e(string.format, "%p", 1)
e(string.format, 5) e(string.format, "%i", 2^31)

-- comparison and concatenation
local words = {"", "a", "A", "b", "aa", "ab", "a\0", "a\0b", "a\0c", "Z", "z", "0", "9", "10", "é", "\255", " "} for i, a in ipairs(words)
do local r = {} for _, b in ipairs(words)
do r[#r + 1] = (a < b and "<" or a == b and "=" or ">") .. (a <= b and "l" or "") .. (a >= b and "g" or "") end
print("compare", i, table.concat(r, " ")) end
pf("a" .. "b" .. "c", 1 .. 2, 1.5 .. "", -1 .. "x", 2^63 .. "", 1e15 .. "|" .. 2^24, "x" .. -0.0, 10 // 3 .. "/" .. 10 / 3, "" .. "",
  ("a"):rep(3) .. #"abc") local acc = "" for i = 1,
  100 do acc = acc .. i end print(#acc, acc:sub(-10)) print("10" + 1, "3" * "4", "0x10" * 1, 10 .. "" == "10", "a" .. 1 == "a1", #(1 .. ""))
-- methods on literals, and string indexing
print(("x").y, ("abc").len("four"), #"abc" == ("abc"):len(), ("%d"):format(7), ("a,b"):find(",", 1, true),
  ("abc"):upper():lower():reverse(), getmetatable("").__index == string) e(function() return ("x"):nope() end) e(function()
local s = "x" s.y = 1 end) e(function() return "a" < 1 end) e(function() return #5 end) e(function() return "a" + 1 end)
e(function() return "abc" .. {} end) e(function() return -"a" end) e(function() return ("x").y.z end)
