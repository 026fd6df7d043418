-- tables
local function e(f, ...) local r = table.pack(pcall(f, ...)) print(table.unpack(r, 1, r.n)) end
local function keys(t) local r = {} for k in pairs(t) do r[#r + 1] = tostring(k) end table.sort(r) return table.concat(r, " ") end
local function items(t) local r = {} for k, v in pairs(t) do r[#r + 1] = tostring(k) .. "=" .. tostring(v) end
table.sort(r) return table.concat(r, " ") end
local function list(t, n) local r = {} for i = 1, n or #t do r[i] = tostring(t[i]) end return "[" .. table.concat(r, " ") .. "]" end

-- constructors
print(#{}, #{1}, #{1, 2, 3}, #{1, 2, 3,}, #{1; 2; 3;}, #{n = 1}, #{[1] = "a", [2] = "b"}, #{"x", y = 1, "z"})
print(items{1, 2, a = 3, ["b c"] = 4, [10] = 5, [1.5] = 6, [true] = 7, [-1] = 8, [2^53] = 9})
print(items{[1] = "key", "item"}, items{x = 1, x = 2}, items{["x"] = 1, [1 + 1] = 2, [#"abc"] = 3})
print(list{(function() return 1, 2, 3 end)()}, list{(function() return 1, 2, 3 end)(), 4}, list{((function() return 1, 2, 3 end)())},
  list{1, (function() end)()})
local big = {} for i = 1, 1000 do big[i] = i * i end print(#big, big[1000], big[1001])
local nested = {a = {b = {c = {1, 2, {"deep"}}}}} print(nested.a.b.c[3][1], nested["a"]["b"].c[2])
print(keys{[1] = 1, [1.0] = 2, ["1"] = 3}, keys{[2^31] = 1, [2^31 | 0] = 2, [-0.0] = 3, [0] = 4})
local wide = load("return {" .. ("1,"):rep(500) .. "'last'}", "=w")() print(#wide, wide[501], wide[50], wide[51])

-- length and assignment at the end
local t = {} for i = 1, 20 do t[#t + 1] = i end print(#t) for i = 1, 15 do t[#t] = nil end print(#t, list(t))
t = {} for i = 10, 1, -1 do t[i] = i end print(#t, list(t)) t[11] = "x" print(#t) t[13] = nil print(#t) t[1] = nil t[1] = 1 print(#t, t[1])

-- pairs and next
for i, v in ipairs{"a", "b", nil, "d"} do print("ipairs", i, v) end
for k, v in pairs{"p", "q", "r"} do print("pairs", k, v) end
print(next({})) print(next({"only"})) print(next({"only"}, 1)) print(next({k = "v"})) print(next({}, nil))
e(next, nil) e(next, {1, 2}, 2)
local n = 0 for k, v in next, {a = 1, b = 2, c = 3} do n = n + v end print(n)
local big_hash, sum = {}, 0 for i = 1, 500 do big_hash["k" .. i] = i end for k, v in pairs(big_hash)
do sum = sum + v assert(k == "k" .. v) end print(sum)
local count = 0 for k in pairs(big_hash) do big_hash[k] = nil count = count + 1 end print(count, next(big_hash))
t = {} for i = 1, 100 do t[i] = i end for k, v in pairs(t) do if v % 2 == 0 then t[k] = nil end end
print(items(t) == items((function() local r = {} for i = 1, 99, 2 do r[i] = i end return r end)()))
t = {a = 1, b = 2, c = 3, 10, 20} for k, v in pairs(t) do t[k] = v * 2 end print(items(t))
t = {x = 1, y = 2} for k in pairs(t) do t.x, t.y = nil, nil end print(items(t)) local seen = {} for k, v in pairs{10, 20, 30, z = "last"}
do seen[#seen + 1] = k .. ":" .. v end print(table.concat(seen, " "))
e(pairs) e(ipairs) local f, s, c = pairs({}) print(type(f), type(s), c) f, s, c = ipairs({}) print(type(f), type(s), c)
local function mixed() local m = {} for i = 1, 10 do m[i] = i m[-i] = i m["s" .. i] = i m[i + 0.5] = i end return m end
sum, count = 0, 0 for _, v in pairs(mixed()) do sum = sum + v count = count + 1 end print(sum, count)
sum = 0 for k, v in pairs(mixed()) do if type(k) == "number" then sum = sum + k end end print(sum)

-- __pairs and ipairs with __index
local proxy = setmetatable({},
  {__pairs = function(p) local i = 0 return function(_, k) i = i + 1 if i <= 3 then return i, i * 100 end end, p, nil, "ignored" end})
for k, v in pairs(proxy) do print("__pairs", k, v) end
print(select("#", pairs(proxy)), select("#", pairs({})), select("#", pairs(setmetatable({}, {__pairs = function() end}))))
for i, v in ipairs(setmetatable({}, {__index = function(_, i) if i <= 4 then return i * 11 end end})) do print("ipairs __index", i, v) end
e(function() for k in pairs(setmetatable({}, {__pairs = function() error("in __pairs", 0) end})) do end end)
print(next(setmetatable({raw = 1}, {__pairs = error})))

-- __index and __newindex chains
local base = {x = "base x", y = "base y"} local mid = setmetatable({y = "mid y"}, {__index = base})
local top = setmetatable({}, {__index = mid})
print(top.x, top.y, top.z, rawget(top, "x")) top.x = "own" print(top.x, base.x) base.z = "late" print(top.z)
local log = {} local logged = setmetatable({},
  {__index = function(tt, k) log[#log + 1] = "get " .. tostring(k) return nil end,
  __newindex = function(tt, k, v) log[#log + 1] = "set " .. tostring(k) rawset(tt, k, v) end})
logged.a = 1 logged.a = 2 logged[1] = logged.b logged[2.0] = true print(table.concat(log, ", "), logged.a, items(logged))
local store = {} local writer = setmetatable({}, {__newindex = setmetatable({}, {__newindex = store})}) writer.k = "v"
print(rawget(writer, "k"), store.k)
local chain = {} for i = 1, 50 do chain = setmetatable({["k" .. i] = i}, {__index = chain}) end
print(chain.k1, chain.k25, chain.k50, chain.k51)
local loop = {} setmetatable(loop, {__index = loop}) e(function() return loop.x end)
local ro = setmetatable({}, {__index = {a = 1}, __newindex = function(_, k) error("read-only field " .. k, 2) end})
e(function() ro.a = 2 end) print(ro.a)
local default = setmetatable({}, {__index = function(tt, k) local v = {} tt[k] = v return v end}) default.a.b = 1 default.a.c = 2
print(items(default.a), keys(default))

-- raw access
print(rawget({5}, 1), rawset({}, "k", "v").k, rawequal("a", "a"), rawequal({}, {}), rawequal(1, 1.0), rawlen({1, 2}), rawlen("abc"),
  rawlen(setmetatable({1}, {__len = function() return 99 end})), rawequal(t, t))
e(rawget, 1, 1) e(rawset, {}, nil, 1) e(rawset, {}, 0/0, 1) e(rawset, {}) e(rawlen, 1) e(rawequal, 1) e(rawget, {})
print(rawget(setmetatable({}, {__index = base}), "x"), items(rawset(setmetatable({}, {__newindex = error}), 1, 2)))

-- pack and unpack
local p = table.pack(nil, 2, nil) print(p.n, p[1], p[2], p[3]) print(table.unpack({1, 2, 3})) print(table.unpack({1, 2, 3}, 2))
print(table.unpack({1, 2, 3}, 0, 4)) print(table.unpack({1, 2}, -1, 1)) print(table.unpack({}, 1, 0)) print(table.unpack("abc", 1, 2))
print(table.unpack(setmetatable({}, {__index = function(_, i) return i * 2 end, __len = function() return 3 end})))
e(table.unpack) e(table.unpack, {}, "x") e(table.unpack, {}, 1, 1e9) e(table.unpack, {}, 1.5) e(table.unpack, 5)

-- insert and remove
t = {} table.insert(t, "a") table.insert(t, "b") table.insert(t, 1, "first") table.insert(t, 2, "second") table.insert(t, #t + 1, "end")
print(list(t)) print(table.remove(t), table.remove(t, 1), table.remove(t, 2), list(t)) print(table.remove(t, #t + 1), list(t))
print(table.remove(t), table.remove(t), table.remove(t), #t)
print(table.remove({}), table.remove({}, 0), table.remove({[0] = "zero"}, 0), select("#", table.remove({})),
  select("#", table.insert({}, 1)))
for i = 1, 8 do local q = {} for k = 1, 7 do q[k] = k end table.insert(q, i, "*") local r = table.remove(q, 9 - i) print(i, list(q), r) end
e(table.insert, {}) e(table.insert, {}, 1, 2, 3) e(table.insert, {}, 0, "x") e(table.insert, {}, 3, "x") e(table.insert, {1, 2}, -1, "x")
e(table.insert, {}, "x", 1) e(table.insert, 1, 1) e(table.insert, {}, 1.5, 1) e(table.remove, {1}, 3) e(table.remove, {1}, -1)
e(table.remove, {}, 2) e(table.remove, "x") e(table.remove, {}, "k") e(table.insert, nil) e(table.insert, {}, nil, 1)
local meta_list = setmetatable({},
  {__index = function(_, k) return store[k] end, __newindex = function(_, k, v) print("write", k, v) store[k] = v end,
  __len = function() return #store end})
store[1], store[2] = "s1", "s2" table.insert(meta_list, "s3") table.insert(meta_list, 1, "s0")
print(table.remove(meta_list, 1), table.remove(meta_list), #meta_list, table.concat(meta_list, ","))

-- move
print(list(table.move({1, 2, 3}, 1, 3, 2)), list(table.move({1, 2, 3, 4}, 2, 4, 1)), list(table.move({1, 2, 3}, 1, 3, 1, {})),
  list(table.move({1, 2, 3}, 2, 3, 5, {"a", "b", "c", "d"})), list(table.move({1, 2, 3}, 1, 0, 5)), list(table.move({1, 2, 3}, 1, 3, 4)),
  list(table.move({}, 1, 3, 1, {"x", "y", "z", "w"}), 4))
print(items(table.move({1, 2}, 1, 2, -1)), items(table.move({[-2] = "m", [-1] = "n"}, -2, -1, 1)),
  items(table.move({[math.maxinteger] = "max"}, math.maxinteger, math.maxinteger, 1, {})), items(table.move({10}, 1, 1, math.maxinteger)))
e(table.move, {}, 1, math.maxinteger, 2) e(table.move, {}, math.mininteger, math.maxinteger, 1) e(table.move, {}, -1, math.maxinteger, 2)
e(table.move, {}, 1, 2, math.maxinteger) e(table.move, {}, 1) e(table.move, 1, 1, 1, 1) e(table.move, {}, 1, 2, 3, 4)
e(table.move, {}, "a", 2, 3)
do local r = {} table.move(setmetatable({}, {__index = function(_, i) return "i" .. i end}), 3, 6, 1,
  setmetatable({}, {__newindex = function(_, k, v) r[#r + 1] = k .. v end})) print(list(r)) end

-- concat
print(table.concat({}), table.concat({}, ","), table.concat({1}, ","), table.concat({1, 2.5, "x"}, ", "),
  table.concat({"a", "b", "c"}, "-", 2), table.concat({"a", "b", "c"}, "-", 2, 2), table.concat({"a", "b", "c"}, "-", 3,
  2), table.concat({"a", "b"}, 1), table.concat({[0] = "z", "a", [-1] = "y"}, "|", -1, 1), #table.concat({"\0",
  "\0"}, "\0"), table.concat({2^53, 1e15, -0.0, math.mininteger}, " "))
e(table.concat, {1, {}, 3}) e(table.concat, {1, nil, 3}, ",", 1, 3) e(table.concat, {true}) e(table.concat, {}, ",", 1, 1) e(table.concat)
e(table.concat, {}, {}) e(table.concat, {}, ",", "x") e(table.concat, {print}, "") e(table.concat, 5)
print(table.concat(setmetatable({}, {__index = function(_, i) return "v" .. i end, __len = function() return 4 end}), "+"))
print(table.concat({[math.maxinteger] = "far"}, ",", math.maxinteger, math.maxinteger))
print(#table.concat(big, ","), #table.concat(wide, "", 1, 500))

-- keys that are the same, and the ones that are not allowed
t = {} t[1] = "a" t[1.0] = "b" t["1"] = "c" t[2^53] = "d" t[1e15] = "e" t[-0.0] = "f"
print(t[1], t["1"], t[2^53 | 0], t[1000000000000000], t[0], math.type(next({[5.0] = 1}))) e(function() t[nil] = 1 end)
e(function() t[0/0] = 1 end) print(t[nil], t[0/0], rawget(t, nil))
local ft, kt = function() end, {} t = {[ft] = "function"} t[kt] = nil print(t[ft], t[kt], next(t) == ft, t[function() end])
-- a queue, a stack and a matrix
local q = {head = 1, tail = 0} for i = 1, 30 do q.tail = q.tail + 1 q[q.tail] = "q" .. i
if i % 3 == 0 then local v = q[q.head] q[q.head] = nil q.head = q.head + 1 print(v, q.tail - q.head + 1) end end
local function mul(a, b) local r = {} for i = 1, #a do r[i] = {} for j = 1, #b[1] do local x = 0 for k = 1, #b
do x = x + a[i][k] * b[k][j] end r[i][j] = x end end return r end
local m = {{1, 1}, {1, 0}} local acc = {{1, 0}, {0, 1}} for i = 1, 20 do acc = mul(acc, m) print(i, list(acc[1]), list(acc[2])) end
