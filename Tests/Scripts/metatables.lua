-- metatables
local function e(f, ...) local r = table.pack(pcall(f, ...)) print(table.unpack(r, 1, r.n)) end
local function name(v) return type(v) == "table" and rawget(v, "name") or tostring(v) end

-- every operator, on either side
local mt = {}
for _, ev in ipairs{"add", "sub", "mul", "div", "mod", "pow", "idiv", "band", "bor", "bxor", "shl", "shr", "concat"} do
  mt["__" .. ev] = function(a, b) return ev .. "(" .. name(a) .. "," .. name(b) .. ")" end
end
for _, ev in ipairs{"unm", "bnot", "len"}
do mt["__" .. ev] = function(a, b) return ev .. "(" .. name(a) .. "," .. tostring(rawequal(a, b)) .. ")" end end
local A, B = setmetatable({name = "A"}, mt), setmetatable({name = "B"}, mt)
print(A + B, A + 1, 1 + A, A + "s", "s" + A, A + nil)
print(A - B, A - 1, 1 - A, A * 2, 2 * A, A / 2, 2 / A, A % 2, 2 % A)
print(A ^ 2, 2 ^ A, A // 2, 2 // A, A & 1, 1 & A, A | 1, 1 | A, A ~ 1, 1 ~ A)
print(A << 1, 1 << A, A >> 1, 1 >> A, A & 1.5, "x" | A, A + 1.5, 1.5 + A, A << B)
print(A .. B, A .. "s", "s" .. A, A .. 1, 1 .. A, "a" .. "b" .. A, A .. "a" .. "b", A .. nil, true .. A)
print(-A, ~A, #A)
print((A + B) .. "!", A .. B .. "c", (A .. B) .. "c", A .. (B .. "c"), -A == A)

-- the left operand comes first, then the right one
local L = setmetatable({},
  {__add = function() return "left" end, __concat = function() return "left" end, __lt = function() return true end})
local R = setmetatable({},
  {__add = function() return "right" end, __concat = function() return "right" end, __lt = function() return false end})
print(L + R, R + L, L .. R, R .. L, L < R, R < L, 1 + L, L + 1, L > R, R > L)
-- results are adjusted to one
local M = setmetatable({},
  {__add = function() return 1, 2, 3 end, __index = function() return 1, 2 end, __unm = function() end, __call = function() return 1, 2,
  3 end, __len = function() return "seven", 2 end})
print((M + 1), M + 1, M.x, M.y) print(-M, (-M)) print(M()) print(#M)

-- comparisons
local log = {}
local cmp = {__eq = function(a, b) log[#log + 1] = "eq " .. a.v .. b.v return a.v == b.v end,
  __lt = function(a, b) log[#log + 1] = "lt " .. name(a.v) .. name(b.v) return a.v < b.v end, __le = function(a,
  b) log[#log + 1] = "le " .. a.v .. b.v return a.v <= b.v end}
local function V(v) return setmetatable({v = v}, cmp) end
local one, two, uno = V(1), V(2), V(1)
print(one == two, one == uno, one ~= two, one ~= uno, one == one) print(one < two, one <= two, one > two, one >= two, two < one, one <= uno)
print(table.concat(log, "; "))
print(one == 1, 1 == one, one == "1", one == nil, rawequal(one, uno)) print(#log)
local any = setmetatable({}, {__eq = function() return 1 end, __lt = function() return nil end, __le = function() return "yes" end})
print(any == {}, {} == any, any ~= {}, any < 1, 1 < any, any <= 1, 1 <= any, any > {}, any >= "x", any == 1)
e(function() return {} < {} end) e(function() return setmetatable({}, {__le = function() return true end}) < {} end)
e(function() return setmetatable({}, {__lt = function() return true end}) <= {} end) e(function() return {} < 1 end)
e(function() return "a" < {} end)

-- __index
local idx = setmetatable({own = "own"}, {__index = function(t, k, x) return k .. "!" .. tostring(x) end})
print(idx.own, idx.other, idx["with space"], idx.own == idx.own)
e(function() return setmetatable({}, {__index = function(_, k) error("no field " .. k, 2) end}).missing end)
e(function() return setmetatable({}, {__index = 5}).x end) e(function() return setmetatable({}, {__index = true}).x end)
print(setmetatable({}, {__index = "string"}).len == string.len, setmetatable({}, {__index = string}).rep("ab", 2), ("x").len == string.len,
  ("abc").x)
local class_log = setmetatable({},
  {__newindex = function(t, k, v) rawset(t, k, type(v)) end}) class_log.a = 1 class_log.b = {} class_log.a = "direct" print(class_log.a,
  class_log.b)
e(function() setmetatable({}, {__newindex = 5}).x = 1 end)
e(function() setmetatable({}, {__newindex = function() error("refused", 0) end}).x = 1 end)

-- __call and its chains
local function callable(tag, f) return setmetatable({tag = tag},
  {__call = f or function(self, ...) return self.tag, select("#", ...), ... end}) end
print(callable("c")(), callable("c")(1, nil)) print(callable("d")(nil, nil)) print(pcall(callable("e"), "x"))
print(select("#", callable("f")()))
local c1 = callable("inner") local c2 = setmetatable({}, {__call = c1})
print(c2("arg") == "inner", select(2, c2("arg")), select(4, c2("arg")))
local chain = function(...) return select("#", ...), (select(-1, ...)) end for i = 1, 10 do chain = setmetatable({}, {__call = chain}) end
print(chain("end"))
e(setmetatable({}, {__call = 5})) e(setmetatable({}, {__call = {}})) e(function() local t = {} t() end)
print(table.concat({callable("z")(1, 2, 3)}, " "))
for v in setmetatable({n = 0}, {__call = function(s) s.n = s.n + 1 if s.n <= 3 then return s.n end end})
do print("callable iterator", v) end
print(("abc"):gsub("%w", callable("g", function(_, ch) return ch:upper() .. "." end)) == "abc",
  pcall(string.gsub, "abc", "%w", callable("tag")))

-- __len, __concat, __unm on the way of the library
print(#setmetatable({1, 2, 3}, {__len = function() return 10 end}),
  table.unpack(setmetatable({1, 2, 3}, {__len = function() return 2 end}))) e(function() return table.concat(setmetatable({1, 2},
  {__len = function() return 1.5 end})) end) e(table.unpack,
  setmetatable({}, {__len = function() return "three" end})) print(select("#",
  table.unpack(setmetatable({}, {__len = function() return 4 end}))))
print("a" .. 1 .. setmetatable({}, {__concat = function(a, b) return type(a) .. "," .. type(b) end}),
  setmetatable({}, {__concat = function(a,
  b) return b end}) .. "x" .. "y") e(function() return {} .. "x" end) e(function() return "x" .. nil end)

-- __tostring and __name
print(setmetatable({}, {__tostring = function() return "T!" end}),
  tostring(setmetatable({}, {__tostring = function() return "" end})) == "") e(tostring, setmetatable({},
  {__tostring = function() return 5 end})) e(tostring, setmetatable({}, {__tostring = function() return nil end})) e(tostring,
  setmetatable({}, {__tostring = function() error("E", 0) end})) e(tostring, setmetatable({}, {__tostring = 5}))
print((tostring(setmetatable({}, {__name = "My.Type"})):gsub(": .*", "")), (tostring(setmetatable({}, {__name = 5})):gsub(": .*", "")))
e(string.rep, setmetatable({}, {__name = "My.Type"})) e(function() return setmetatable({}, {__name = "My.Type"}) + 1 end)
e(function() return setmetatable({}, {__name = "My.Type"}) < 1 end)
e(function() return #setmetatable({}, {__name = "N"}) .. setmetatable({}, {__name = "N"}) end) e(ipairs(setmetatable({}, {__name = "N"})))
print(string.format("%s|%10s|%-6s|", setmetatable({}, {__tostring = function() return "fmt" end}),
  setmetatable({}, {__tostring = function() return "right" end}), setmetatable({}, {__tostring = function() return "L" end})))

-- __metatable
local prot = setmetatable({}, {__metatable = "locked"}) print(getmetatable(prot), pcall(setmetatable, prot, {})) e(setmetatable, prot, nil)
print(getmetatable(setmetatable({}, {__metatable = false})), getmetatable({}), getmetatable(1), getmetatable(nil),
  getmetatable("").__index == string, getmetatable("").__name)
local open = {} local t = setmetatable({}, open) print(getmetatable(t) == open, setmetatable(t, nil) == t, getmetatable(t))
e(setmetatable, {}) e(setmetatable, 1, {}) e(setmetatable, {}, "x") e(setmetatable) e(getmetatable) print(#setmetatable({}, nil, 1))

-- __close
do local x <close> = setmetatable({}, {__close = function(o, err) print("__close", type(o), err) end}) print("in the block") end

-- inheritance
local Animal = {} Animal.__index = Animal
function Animal.new(n, s) return setmetatable({n = n, s = s}, Animal) end
function Animal:speak() return self.n .. " says " .. self:sound() end
function Animal:sound() return self.s or "nothing" end Animal.__tostring = function(a) return "Animal(" .. a.n .. ")" end
local Dog = setmetatable({},
  {__index = Animal, __call = function(cls, n)
  local d = Animal.new(n) return setmetatable(d,
  cls) end}) Dog.__index = Dog Dog.__tostring = Animal.__tostring function Dog:sound() return "woof" end
function Dog:fetch(w) return self.n .. " fetches " .. w end
local Puppy = setmetatable({}, {__index = Dog, __call = getmetatable(Dog).__call}) Puppy.__index = Puppy
function Puppy:sound() return Dog.sound(self) .. " (small)" end
for _, a in ipairs{Animal.new("Cat", "meow"), Animal.new("Fish"), Dog("Rex"), Puppy("Bit")}
do print(a:speak(), (pcall(tostring, a)), a.fetch and a:fetch("ball")) end print(Dog("Rex"), Animal.new("Cat"))
e(function() return Animal.new("X"):fetch("y") end)
local function multi(...)
local ps = {...} return setmetatable({},
  {__index = function(tt, k) for _, p in ipairs(ps) do local v = p[k] if v ~= nil then tt[k] = v return v end end end}) end
local mixed = multi({a = 1}, {a = 2, b = 2}, {c = 3}) print(mixed.a, mixed.b, mixed.c, mixed.d, rawget(mixed, "c"))

-- a vector, a set, a rational
local Vec = {} Vec.__index = Vec local function vec(x, y) return setmetatable({x = x, y = y}, Vec) end
Vec.__add = function(a, b) return vec(a.x + b.x, a.y + b.y) end
Vec.__sub = function(a, b) return vec(a.x - b.x, a.y - b.y) end
Vec.__mul = function(a, b) if type(a) == "number" then return vec(a * b.x, a * b.y)
  elseif type(b) == "number" then return vec(a.x * b, a.y * b) end return a.x * b.x + a.y * b.y end
Vec.__unm = function(a) return vec(-a.x, -a.y) end
Vec.__eq = function(a, b) return a.x == b.x and a.y == b.y end
Vec.__len = function() return 2 end
Vec.__tostring = function(a) return "(" .. a.x .. ", " .. a.y .. ")" end
Vec.__concat = function(a, b) return tostring(a) .. tostring(b) end
Vec.__call = function(a, k) return a[k] end
Vec.__lt = function(a, b) return a * a < b * b end
Vec.__le = function(a, b) return a * a <= b * b end
Vec.__idiv = function(a, n) return vec(a.x // n, a.y // n) end
local v, w = vec(1, 2), vec(3, 4)
print(v + w, v - w, v * w, v * 2, 2 * v, -v, v == w, v == vec(1, 2), #v, v .. w, v .. "!", "!" .. v, v("y"), v < w, v >= w, w // 2,
  v + w * 2 - -v)
local Set = {} Set.__index = Set local function set(l) local s = setmetatable({}, Set) for _, x in ipairs(l) do s[x] = true end return s end
Set.__bor = function(a, b) local r = set{} for k in pairs(a) do r[k] = true end for k in pairs(b)
do r[k] = true end return r end Set.__band = function(a, b) local r = set{} for k in pairs(a)
do r[k] = b[k] end return r end Set.__le = function(a, b) for k in pairs(a)
do if not b[k] then return false end end return true end Set.__lt = function(a, b) return a <= b and not (b <= a) end Set.__eq = function(a,
  b) return a <= b and b <= a end Set.__tostring = function(s) local l = {} for k in pairs(s) do l[#l + 1] = k end
table.sort(l) return "{" .. table.concat(l, ",") .. "}" end
local s1, s2 = set{1, 2, 3}, set{2, 3, 4} print(s1 | s2, s1 & s2, s1 <= s2, s1 & s2 <= s1, s1 < (s1 | s2), s1 == set{3, 2, 1}, s1 ~= s2)
for i = 1, 40 do local a, b = vec(i, i * i), vec(i % 3, i % 5) print(i, a + b, a * b, a < b, a // (i % 4 + 1)) end
