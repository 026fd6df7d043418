-- table.sort: only what does not depend on the algorithm is printed
local function list(t) local r = {} for i = 1, #t do r[i] = tostring(t[i]) end return table.concat(r, " ") end
local function ordered(t, lt) lt = lt or function(a, b) return a < b end for i = 2, #t
do if lt(t[i], t[i - 1]) then return false end end return true end
-- a generator of our own: the same numbers everywhere
local seed = 12345
local function rnd(n) seed = (seed * 1103515245 + 12345) & 0x7fffffff return (seed >> 8) % n + 1 end
local function random_list(n, range) local t = {} for i = 1, n do t[i] = rnd(range or n) end return t end
local function sorted(t, f) table.sort(t, f) return t end
local function check(t) local sum, h = 0, 0 for i, v in ipairs(t) do sum = sum + v h = (h * 31 + v) & 0xffffffff end return #t, sum, h end

-- small and special
print(list(sorted{}), list(sorted{1}), list(sorted{2, 1}), list(sorted{1, 2}), list(sorted{3, 1, 2}), list(sorted{1, 1, 1}))
print(list(sorted{5, 3.5, -1, 1e10, -2.5, 0, math.huge, -math.huge, math.maxinteger, math.mininteger, 2^53}))
print(list(sorted{1, 2.5, 2, 1.5, 3})) print(list(sorted{"banana", "apple", "cherry", "", "Apple", "app", "apple pie", "B", "10", "9"}))
print(list(sorted{"a\0b", "a", "a\0", "a\0a", "b"}) == "a a\0 a\0a a\0b b") print(list(sorted({"ä", "z", "a", "Z", "~", "!"})))
print(select("#", table.sort({}))) print(list(sorted({1, 2, 3, 4, 5}, nil)))

-- every permutation of five
do
  local all, good = 0, 0
  local function perm(a, n) if n == 1 then local c = table.move(a, 1, #a, 1, {}) table.sort(c) all = all + 1
  if list(c) == "1 2 3 4 5" then good = good + 1 end return end
    for i = 1, n do a[i], a[n] = a[n], a[i] perm(a, n - 1) a[i], a[n] = a[n], a[i] end end
  perm({1, 2, 3, 4, 5}, 5) print("permutations", all, good)
end

-- many sizes: numbers, descending, strings
for _, n in ipairs{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 15, 16, 17, 31, 32, 33, 50, 63, 64, 65, 99, 100, 101, 127, 128, 129, 255, 256, 257,
  500, 1000, 1023, 1024, 1025, 3000} do
  local t = random_list(n)
  local a, b = {check(t)}, nil
  table.sort(t) b = {check(t)}
  print(n, ordered(t), a[1] == b[1], a[2] == b[2], b[3], t[1], t[n])
  table.sort(t, function(x, y) return x > y end)
  local s = {} for i = 1, n do s[i] = "s" .. rnd(n) end table.sort(s)
  print(n, ordered(t, function(x, y) return x > y end), ordered(s), s[1], s[n])
end

-- shapes of the input
for _, n in ipairs{10, 100, 1000} do
  local shapes = {
    ascending = function(i) return i end, descending = function(i) return -i end, equal = function() return 7 end,
      saw = function(i) return i % 10 end, organ = function(i) return i <= n // 2 and i or n - i end,
    two = function(i) return i % 2 end, floats = function(i) return (i * 7919 % n) / 4 end, last = function(i) return i == n and 0 or i end,
      first = function(i) return i == 1 and n + 1 or i end, signs = function(i) return i % 2 == 0 and i or -i end,
  }
  for _, name in ipairs{"ascending", "descending", "equal", "saw", "organ", "two", "floats", "last", "first", "signs"} do
    local t = {} for i = 1, n do t[i] = shapes[name](i) end
    table.sort(t) local up = ordered(t) local lo, hi = t[1], t[n]
    table.sort(t, function(a, b) return a > b end)
    print(n, name, up, lo, hi, ordered(t, function(a, b) return a > b end), t[1] == hi, t[n] == lo)
  end
end

-- comparators
local words = {} for w in ("the quick brown fox jumps over the lazy dog and runs away from a very large bear"):gmatch("%a+")
do words[#words + 1] = w end
print(list(sorted(table.move(words, 1, #words, 1, {}))))
print(list(sorted(table.move(words, 1, #words, 1, {}), function(a, b) return a > b end)))
print(list(sorted(table.move(words, 1, #words, 1, {}), function(a, b) if #a ~= #b then return #a < #b end return a < b end)))
print(list(sorted(table.move(words, 1, #words, 1, {}), function(a, b) local x, y = a:reverse(), b:reverse() return x < y end)))
print(list(sorted({3, -1, 2, -5, 4, 0}, function(a, b) return a * a < b * b end)))
print(list(sorted({"b", 2, "a", 1, "10"}, function(a, b) return tostring(a) < tostring(b) end)))
print(list(sorted({5, 2, 8, 1}, function(a, b) return a < b, "second result is ignored" end)))
print(list(sorted({5, 2, 8, 1}, function(a, b) if a < b then return 0 end end)))
print(list(sorted({5, 2, 8, 1}, math.ult)), list(sorted({5, -2, 8, -1}, math.ult)))
print(list(sorted({5, 2, 8, 1}, function(...) return select(1, ...) > select(2, ...) end)))
local calls = 0 table.sort({}, function() calls = calls + 1 end) table.sort({1}, function() calls = calls + 1 end)
print("calls for none and one", calls)
local people = {{"Ann", 30}, {"Bob", 25}, {"Cy", 30}, {"Di", 20}, {"Ed", 25}, {"Flo", 41}}
table.sort(people, function(a, b) if a[2] ~= b[2] then return a[2] > b[2] end return a[1] < b[1] end)
for i, p in ipairs(people) do print(i, p[1], p[2]) end

-- __lt, __index and __newindex
local mt = {} mt.__lt = function(a, b) return a.v < b.v end
local objs = {} for i, v in ipairs{4, 2, 9, 1, 7} do objs[i] = setmetatable({v = v}, mt) end
table.sort(objs) local vs = {} for i, o in ipairs(objs) do vs[i] = o.v end print(list(vs))
local store = {3, 1, 2}
local proxy = setmetatable({}, {__index = store, __newindex = function(_, k, v) store[k] = v end, __len = function() return 3 end})
table.sort(proxy) print(list(store), rawlen(proxy))
local part = setmetatable({9, 8, 7, 1, 2}, {__len = function() return 3 end}) table.sort(part)
print(part[1], part[2], part[3], part[4], part[5])

-- errors
local function bad(...) local ok, m = pcall(table.sort, ...) print(ok, m) end
bad() bad(1) bad({2, 1}, 1) bad({2, 1}, "x") bad({2, 1}, {}) bad({1, 2}, true)
print((pcall(table.sort, {1, "a"}))) print((pcall(table.sort, {{}, {}}))) print((pcall(table.sort, {true, false})))
print((pcall(table.sort, {print, print, print})))
bad({3, 2, 1}, function() error("from the comparator", 0) end) bad({3, 2, 1}, function() error({}) end and function() error(42) end)
print((pcall(table.sort, {1, {}})), (pcall(table.sort, {"x", 1})))
bad(setmetatable({}, {__len = function() return math.maxinteger end})) bad(setmetatable({}, {__len = function() return "x" end}))
local n = 0 print(pcall(table.sort, {5, 4, 3, 2, 1}, function(a, b) n = n + 1 if n == 3 then error("third", 0) end return a < b end))
print(n)

-- sort is a permutation also when the order is a lie that does not raise
local function multiset(t) local c = {} for _, v in ipairs(t) do c[v] = (c[v] or 0) + 1 end local r = {} for v, k in pairs(c)
do r[#r + 1] = v .. "x" .. k end table.sort(r) return table.concat(r, " ") end
local eq = random_list(40, 5) local before = multiset(eq) table.sort(eq, function() return false end) print(multiset(eq) == before, #eq)
-- nested sorts, and sort in a coroutine
table.sort(words, function(a, b) local t = {#a, #b, 3} table.sort(t)
  if #a == #b then return a < b end return t[1] == #a and t[1] ~= #b or #a < #b end) print(list(words))
print(coroutine.wrap(function() local t = {3, 1, 2} table.sort(t, function(a, b) return a < b end) coroutine.yield(list(t)) end)())
-- sorting rows in place, sort by a computed key
local rows = {} for i = 1, 30 do rows[i] = {k = rnd(1000) * 100 + i, i = i} end
table.sort(rows, function(a, b) return a.k < b.k end) for i = 1, 30 do print(i, rows[i].k, rows[i].i) end
