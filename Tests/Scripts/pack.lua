-- string.pack, unpack and packsize
local pack, unpack, size = string.pack, string.unpack, string.packsize
local function hex(s) return (s:gsub(".", function(c) return ("%02x"):format(c:byte()) end)) end
local function q(v) return type(v) == "string" and (v:gsub("[%c\128-\255]", function(c) return "\\" .. c:byte() end)) or v end
local function e(f, ...) local ok, v = pcall(f, ...) print(ok, q(v)) end
local function round(fmt, ...) local s = pack(fmt, ...) local r = table.pack(unpack(fmt, s)) for i = 1, r.n do r[i] = q(r[i]) end
print(fmt, hex(s), #s, table.unpack(r, 1, r.n)) end

-- integers of every size, both byte orders
for _, order in ipairs{"<", ">"} do
  for n = 1, 16 do
    for _, v in ipairs{0, 1, -1, 100, -128} do
      local f = order .. "i" .. n
      local s = pack(f, v)
      print(f, v, hex(s), unpack(f, s))
    end
  end
  for n = 1, 8 do local f = order .. "I" .. n print(f, hex(pack(f, 200)), unpack(f, pack(f, 200))) end
end
for _, f in ipairs{"b", "B", "<h", "<H", "<i4", "<I4", "<j", "<J", "<l", "<L", "<T", ">h", ">j", "=i4", "!4 i4"} do
  print(f, size(f)) round(f, 0) round(f, 100) end
for _, f in ipairs{"b", "<h", "<i3", "<i4", "<i7", "<j", ">h", ">i4", ">j"} do round(f, -2) end
round("<j", math.maxinteger) round(">j", math.mininteger) round("<J", -1) round("<I8", math.mininteger) round("<i16", math.mininteger)
round(">I16", math.maxinteger)

-- limits of what fits
for n = 1, 7 do
  local max = (1 << (8 * n - 1)) - 1
  print(n, pcall(pack, "<i" .. n, max + 1), pcall(pack, "<i" .. n, -max - 2), pcall(pack, "<I" .. n, 1 << (8 * n)),
    pcall(pack, "<I" .. n, -1))
  print(n, unpack("<i" .. n, pack("<i" .. n, max)), (unpack("<i" .. n, pack("<i" .. n, -max - 1))),
    (unpack("<I" .. n, pack("<I" .. n, (1 << (8 * n)) - 1))))
end

-- floats
for _, v in ipairs{0.0, 1.0, -1.5, 0.1, 1e10, math.pi, math.huge, -math.huge, 2^-20} do
  print(v, hex(pack("<f", v)), hex(pack(">d", v)), hex(pack("<n", v)), unpack("<f", pack("<f", v)), (unpack(">d", pack(">d", v))))
end
print(size("f"), size("d"), size("n")) round(">f", 3) round("<d", "2.5")

-- strings: counted, zero-terminated, fixed
for _, s in ipairs{"", "a", "hello", "with\0zero", ("x"):rep(40)} do
  round("<s", s) round("<s1", s) round(">s2", s) round("<s3", s)
  print("z", hex(pack("z", "z" .. s:gsub("%z", ""))))
  print("c50", #pack("c50", s), (unpack("c50", pack("c50", s))) == s .. ("\0"):rep(50 - #s))
end
round("zz", "ab", "") round("c3", "abc") round("c0", "") round("z i1", "end", 5) round("s1s1", "x", "yz")
e(pack, "s1", ("x"):rep(256)) e(pack, "z", "a\0b") e(pack, "c2", "abc") e(unpack, "z", "unfinished") e(unpack, "s1", "\5abc")
e(unpack, "c4", "abc") e(pack, "s", {}) e(pack, "z", 5.5)

-- padding and alignment
round("<b x b", 1, 2) round("<!4 b i4", 1, 2) round("<!8 b j", 1, 2) round("<!2 b i4 b h", 1, 2, 3, 4) round("<! b d", 1, 2)
round("<!4 i1 !2 i4 i1", 1, 2, 3) round("<!4 b Xi4 b", 1, 2) round("<!8 b Xd i4 Xj", 1, 2) round(">!4 i1 i2 i1 i4", 1, 2, 3, 4)
round("<i1 i8", 1, 2) round("<!4 s1 i4", "abc", 7) round("<!4 z i4", "abcd", 7) round("<xxx") round("<!16 i1 i16", 1, -1)
for _, f in ipairs{"", "b", "bi4", "!4bi4", "!bi8", "!2bi8", "!8bjb", "c10", "!4c5i4", "xxxx", "b Xi4", "!4b Xi4", "<!4i1i2i4i8", "!1bj",
  "dfn", "i1i2i3i4i5i6i7i8", "!8 i1 Xd", "I16I15", " < > = ! i4 "} do print(f, size(f)) end

-- switching the order in one format
round("<i2 >i2 =i1 <i4", 1, 1, 1, 1) round(">I3 <I3", 0x010203, 0x010203) print(hex(pack("<i4 i4 > i4 i4", 1, 2, 3, 4)))

-- positions
local s = pack("<i2 i2 i2", 10, 20, 30)
print(unpack("<i2", s)) print(unpack("<i2", s, 3)) print(unpack("<i2", s, -2)) print(unpack("<i2 i2", s, 3)) print(unpack("", s))
print(unpack("", s, 7)) print(unpack("<i2", s, "5"))
local pos, out = 1, {} while pos <= #s do local v v, pos = unpack("<i2", s, pos) out[#out + 1] = v .. "@" .. pos end
print(table.concat(out, " "))
e(unpack, "<i2", s, 6) e(unpack, "<i2", s, 7) e(unpack, "<i2", s, 8) e(unpack, "b", "", 2) e(unpack, "", "", 2) e(unpack, "<i2", s, -7)
e(unpack, "<i2", s, -10) e(unpack, "<i8", s) e(unpack, "b", "a", 1.5)

-- errors of formats and arguments
for _, f in ipairs{"i0", "i17", "I17", "s0", "s17", "!17", "!0", "y", "?", "c", "X", "Xz", "X s", "i99999999999", "!3 i3", "!4 i3",
  "<!8 i3 i5", "Xi3", "!8Xi3", "s", "z", "c1000000000000", ("c2147483647"):rep(2)} do print(f, q(select(2, pcall(size, f))),
  (q(select(2, pcall(unpack, f, "\1\0\0\0\0\0\0\0\0"))))) end
e(pack) e(pack, "i4") e(pack, "i4", "x") e(pack, "i4", 1.5) e(pack, "i4", nil) e(pack, "d", "x") e(pack, "i1 i1", 1) e(pack, "z") e(size)
e(unpack) e(unpack, "i4") e(unpack, {}, "x") e(pack, {}) e(pack, "i1", "12") e(pack, "B", 256) e(pack, "b", 128) e(pack, "b", -129)
e(pack, "H", -1) e(pack, "i1", 2^63) print(hex(pack("i1 i1", "3", 4.0)), hex(pack("<i4", "0x10")), hex(pack("i1", 1, 2, 3)))
e(unpack, "<i16", ("\255"):rep(8) .. ("\1"):rep(8)) e(unpack, "<I9", ("\255"):rep(9)) e(unpack, "<I16", ("\255"):rep(8) .. ("\0"):rep(8))
e(unpack, "<i9", ("\255"):rep(9)) e(unpack, ">i12", ("\0"):rep(4) .. ("\127"):rep(8))

-- records
local records = {} for i = 1, 20 do records[i] = pack(">I2 s1 d", i, ("n"):rep(i % 4), i / 4) end local all = table.concat(records) pos = 1
while pos <= #all do local id, name, v id, name, v, pos = unpack(">I2 s1 d", all, pos) print(id, name, v, pos) end
