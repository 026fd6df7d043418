-- utf8
local function e(f, ...) local r = table.pack(pcall(f, ...)) print(table.unpack(r, 1, r.n)) end
local function hex(s) return (s:gsub(".", function(c) return ("%02X "):format(c:byte()) end)) end
local samples = {"", "a", "hello", "é", "日本語", "añb", "😀", "a😀b€c", "\0", "e\u{301}",
  "\u{7F}\u{80}\u{7FF}\u{800}\u{FFFF}\u{10000}\u{10FFFF}", "ελληνικά", "Кириллица", "\u{D7FF}\u{E000}"}
local bad = {"\x80", "\xFF", "a\x80", "\xC3", "\xC3\x28", "\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80",
  "\xF8\x88\x80\x80\x80", "\xE2\x82", "abc\xE2", "\xFE", "ok\xC1\xBF", "\xF0\x9F\x98", "\u{D800}", "\u{DFFF}", "\u{110000}", "\u{7FFFFFFF}"}

-- charpattern
print(hex(utf8.charpattern), #utf8.charpattern)
for _, s in ipairs(samples) do local n, r = 0, {} for c in s:gmatch(utf8.charpattern) do n = n + 1 r[n] = #c end
print(n, table.concat(r, " ")) end

-- char
print(utf8.char(), utf8.char(72, 105), utf8.char(233, 8364, 128512), #utf8.char(0), utf8.char("65"))
for _, c in ipairs{0, 0x41, 0x7F, 0x80, 0x7FF, 0x800, 0xD800, 0xFFFF, 0x10000, 0x10FFFF, 0x110000, 0x1FFFFF, 0x200000, 0x3FFFFFF, 0x4000000,
  0x7FFFFFFF} do print(("%X"):format(c), hex(utf8.char(c)), #utf8.char(c)) end
e(utf8.char, -1) e(utf8.char, 0x80000000) e(utf8.char, "x") e(utf8.char, 1.5) e(utf8.char, 65, {}) e(utf8.char, nil)
e(utf8.char, math.maxinteger)

-- len
for i, s in ipairs(samples) do print("len", i, #s, utf8.len(s), utf8.len(s, 1, -1), utf8.len(s, #s + 1)) end
for i, s in ipairs(bad) do print("len of bad", i, utf8.len(s)) print("lax", i, utf8.len(s, 1, -1, true)) end
local s = "a€b😀"
for i = 1, #s + 1 do print(i, utf8.len(s, i), (utf8.len(s, 1, i - 1))) end
for i = -#s, -1 do print(i, utf8.len(s, i), (utf8.len(s, 1, i))) end
print(utf8.len(s, 3, 2), utf8.len(s, 1, 0), utf8.len("abc", 2, 3), utf8.len("abc", "2"), utf8.len("", 1), utf8.len(""))
e(utf8.len, s, 11) e(utf8.len, s, 0) e(utf8.len, s, -20) e(utf8.len, s, 1, 20) e(utf8.len) e(utf8.len, {}) e(utf8.len, s, "x")
e(utf8.len, 123) e(utf8.len, "abc", 5) e(utf8.len, "abc", 4) e(utf8.len, "abc", 1, -10)

-- codepoint
for _, x in ipairs(samples) do print("codepoints", utf8.codepoint(x, 1, -1)) end
print(utf8.codepoint("héllo"), utf8.codepoint("héllo", 2), utf8.codepoint("héllo", -1), utf8.codepoint("abc", 2, 3))
print(select("#", utf8.codepoint("abc", 3, 2)), select("#", utf8.codepoint("", 1, 0)))
for i, b in ipairs(bad)
do print("codepoint of bad", i, select(2, pcall(utf8.codepoint, b, 1, -1)), select(2, pcall(utf8.codepoint, b, 1, -1, true))) end
e(utf8.codepoint, "abc", 4) e(utf8.codepoint, "abc", 0) e(utf8.codepoint, "abc", 1, 4) e(utf8.codepoint, "é", 2) e(utf8.codepoint, "")
e(utf8.codepoint) e(utf8.codepoint, "abc", -4) e(utf8.codepoint, "abc", {}) e(utf8.codepoint, "abc", 1.5)

-- codes
for i, x in ipairs(samples) do local r = {} for p, c in utf8.codes(x) do r[#r + 1] = p .. "=" .. ("U+%04X"):format(c) end
print("codes", i, table.concat(r, " ")) end
-- A continuation byte at the beginning is an error since 5.4.5.
for i, b in ipairs(bad) do if i ~= 1 and i ~= 3 then print("codes of bad", i, pcall(function() local n = 0 for _ in utf8.codes(b) do n = n + 1 end return n end))
print("lax codes", i,
  pcall(function() local r = {} for p, c in utf8.codes(b, true) do r[#r + 1] = p .. ":" .. c end return table.concat(r, " ") end)) end end
e(utf8.codes) e(utf8.codes, {}) print(type(utf8.codes("x")), select("#", utf8.codes("x")), select(3, utf8.codes("x")))
e(function() for p, c in utf8.codes("ab\xFFcd") do print(p, c) end end)

-- offset
for _, x in ipairs{"a€b😀", "abc", "", "日本語"} do
  for n = -5, 6 do if n ~= 0 then print("offset", #x, n, utf8.offset(x, n)) end end
  for i = 1, #x + 1 do print("offset 0", i, utf8.offset(x, 0, i)) end
end
print(utf8.offset(s, 2, 2), utf8.offset(s, 1, 5), utf8.offset(s, -1, 6), utf8.offset(s, 3, 1), utf8.offset(s, 5, 1), utf8.offset(s, 6, 1),
  utf8.offset(s, -4), utf8.offset(s, -5), utf8.offset("abc", 1, 4), utf8.offset("abc", 2, 4))
e(utf8.offset, s, 1, 3) e(utf8.offset, s, -1, 3) e(utf8.offset, "abc", 1, 5) e(utf8.offset, "abc", 1, -4) e(utf8.offset, "abc")
e(utf8.offset) e(utf8.offset, "abc", "x") e(utf8.offset, "abc", 0, 10) e(utf8.offset, "\x80", 1)

-- helpers built on it
local function sub(x, i, j) local a = utf8.offset(x, i) local b = utf8.offset(x, j + 1) return x:sub(a, b and b - 1 or -1) end
local function rev(x) local r = {} for _, c in utf8.codes(x) do table.insert(r, 1, utf8.char(c)) end return table.concat(r) end
for _, x in ipairs{"日本語テキスト", "naïve café", "a€b😀c"} do for i = 1, 3 do print(sub(x, i, i + 1), rev(x), utf8.len(rev(x))) end end
local total = 0 for c = 1, 0x10FFFF, 997 do local ch = utf8.char(c)
if c < 0xD800 or c > 0xDFFF then assert(utf8.codepoint(ch) == c and utf8.len(ch) == 1) end total = total + #ch end print("all", total)
