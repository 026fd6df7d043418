-- errors

-- error values of every type
for _, v in ipairs{"text", 1, 1.5, true, false, -0.0, 1 << 62} do local ok, e = pcall(error, v) print(ok, e, math.type(e) or type(e)) end
print(pcall(error)) print(pcall(error, nil)) print(pcall(error, "m", 0)) print(pcall(error, "m", 1)) print(pcall(error, "m", 2))
local t = {} print(select(2, pcall(error, t)) == t)
local f = function() end print(select(2, pcall(error, f)) == f)
local th = coroutine.create(f) print(select(2, pcall(error, th)) == th)

-- levels
local function lv(n) error("level", n) end
local function caller(n) lv(n) end
for n = 0, 3 do print(n, pcall(function() caller(n) end)) end
print(pcall(function() error("here") end))
print(pcall(function() error("here", 1) end))
print(pcall(function() error(42, 2) end)) print(pcall(function() error("12") end)) print(pcall(function() error(12) end))
local function check(x) if type(x) ~= "number" then error("number expected", 2) end return x end
print(pcall(function() return check(1) end))
print(pcall(function()
  local v = check("x")
  return v
end))

-- results of pcall
print(pcall(function() end)) print(pcall(function() return 1, nil, 3 end)) print(select("#", pcall(function() return nil, nil end)))
print(pcall(print, "printed", 1)) print(pcall(pcall)) print(pcall(pcall, error)) print(pcall(pcall, pcall, error, "x"))
print(pcall(1)) print(pcall(nil)) print(pcall({})) print(pcall("str"))
print(pcall(setmetatable({}, {__call = function(_, ...) return "called", ... end}), 1, 2))

-- xpcall: handlers and arguments
local function h(m) return "H(" .. tostring(m) .. ")" end
print(xpcall(error, h, "a")) print(xpcall(error, h)) print(xpcall(error, h, {} and "t", 0))
print(xpcall(function(...) return select("#", ...), ... end, h, 1, nil, 3)) print(xpcall(function() end, h))
print(xpcall(function() local x = nil; x() end, h)) print(xpcall(function() error("pos") end, h))
print(xpcall(error, function(m) return m, "second is dropped" end, "m"))
print(xpcall(error, function() end, "m")) print(xpcall(error, function() return nil, 2 end, "m"))
print(xpcall(error, function(m) return {wrapped = m} end, "m") == false, select(2, xpcall(error, function(m) return {w = m} end, "m")).w)
print(xpcall(nil, h)) print(xpcall(function() return xpcall(error, h, "inner") end, h))
print(xpcall(function() xpcall(error, h, "inner") error("outer", 0) end, h))
print(xpcall(function() error("tb") end, function(m) return type(debug.traceback(m)) end))
print(pcall(xpcall)) print(pcall(xpcall, print))
print(xpcall(error, tostring, 5)) print(xpcall(error, string.upper, "upper")) print(xpcall(error, type, {}))

-- error in a handler
print((xpcall(error, function(m) error("in handler", 0) end, "x")))
print(xpcall(error, function(m) return pcall(error, "caught in handler: " .. m, 0) end, "x"))
print(xpcall(error, function(m) return select(2, pcall(error, "caught in handler: " .. m, 0)) end, "x"))

-- nested and rethrown
print(pcall(function() local ok, e = pcall(error, "one", 0) error(e .. " two", 0) end))
local function nestp(n) if n == 0 then error("bottom", 0) end local ok, e = pcall(nestp, n - 1) error(e .. n, 0) end
print(pcall(nestp, 12))
local obj = setmetatable({n = 3}, {__tostring = function(s) return "OBJ" .. s.n end})
local ok, e = pcall(error, obj) print(ok, tostring(e), e == obj) print(pcall(error, obj))
local ok2, e2 = pcall(function() local _, x = pcall(error, obj) x.n = x.n + 1 error(x) end) print(ok2, tostring(e2))
for i = 1, 100 do local o, m = pcall(error, i) assert(not o and m == i) end print("100 errors")

-- assert
print(assert(1, 2, 3)) print(assert("v")) print(select("#", assert(true, nil, nil)))
print(pcall(assert, false)) print(pcall(assert, nil)) print(pcall(assert, false, "message")) print(pcall(assert, nil, 5))
print(pcall(assert, false, nil))
print(pcall(assert)) print(select(2, pcall(assert, false, obj)) == obj) print(pcall(function() assert(false, "no position") end))
print(pcall(function() assert(nil) end)) print(pcall(function() assert(1 == 1, "fine") return "passed" end))

-- runtime errors with variable names
local up, upt = nil, {}
g_nil = nil
local progs = {
  "local x; x.y = 1", "local x; return x.y", "local x; x()", "local x; return x + 1", "local x = {}; return 1 + x",
    "local x = {}; return x .. 'a'", "local x; return 'a' .. x", "local x; return #x", "local x = {}; return -x",
  "return g_nil.x", "g_nil()", "g_nil.x = 1", "return g_nil + 1", "return g_nil .. 'x'", "return #g_nil", "return -g_nil",
    "local a = {}; a.b.c = 1", "local a = {}; return a.b.c", "local a = {}; a.b()", "local a = {}; a:m()", "local a = {}; return a.b + 1",
    "local a = {}; return a.b .. 'x'",
  "local a = {b = {}}; a.b.c.d = 1", "local a = {b = {}}; a.b:zip(1)", "local a = {}; return a[1][2]", "local a = {}; a[1]()",
    "local a, k = {}, 'key'; return a[k].x", "local a, k = {}, 'key'; a[k]()",
  "return (1)()", "return ('x')()", "return ({})()", "return (nil)()", "return (true).x.y", "return (1).x", "return ('x').y.z",
    "return ('x'):nomethod()", "string.nofunc()", "return math.huge.x.y",
  "return 1 < 'a'", "return 'a' < 1", "return {} < {}", "return {} < 1", "return nil <= 1", "return true >= false", "return print < print",
    "return 1 < nil",
  "return 1 & 1.5", "return 2^63 | 0", "return 'a' | 1", "return '1.5' & 1", "return {} ~ 1", "return ~1.5", "return 1 << 'x'",
    "local x = 1.5; return x & 1", "return 1 // 0", "return 1 % 0", "return 'a' + 1", "return 'a' * 'b'", "return -'x'", "return {} ^ 2",
    "return print % 2",
  "local t = {}; t[nil] = 1", "local t = {}; t[0/0] = 1", "return rawset({}, nil, 1)", "return {[nil] = 1}", "for i = 1, 10, 0 do end",
    "for i = 'a', 2 do end", "for i = 1, 'x' do end", "for i = 1, 2, {} do end", "for i = nil, 2 do end", "for x in nil do end",
    "for x in 5 do end", "for x in {} do end",
  "local x <close> = 1", "local x <close> = {}", "error('E')", "error('E', 2)", "error(nil)", "setmetatable(1, {})", "setmetatable({}, 1)",
    "getmetatable()", "ipairs()", "pairs(nil)", "next(1)", "tostring()", "tonumber()", "tonumber('1', 99)",
    "tonumber(1, 10)", "rawlen(5)", "rawget(1, 1)", "rawequal(1)", "type()", "select(0)", "string.rep()", "('x'):rep({})",
    "('x'):rep(1e10)", "string.char(256)", "string.char(-1)", "('x'):bad()", "math.floor('a')", "math.floor({})", "table.concat({{}})",
    "table.concat({1, nil, 3}, ',', 1, 3)", "table.insert({}, 5, 1)", "table.insert({}, 1, 2, 3)", "table.insert({})",
    "table.insert(nil, 1)", "table.remove({}, 5)", "table.unpack(nil)", "table.sort({3, 'a', 1})", "table.sort({1, 2}, 5)", "utf8.char(-1)",
    "utf8.codepoint('x', 5)", "string.format('%d', 1.5)", "string.format('%d', 'x')", "string.format('%y', 1)", "string.format('%d')",
  "local s = 'x'; s.y.z = 1", "local function f() end; f.x = 1", "local function f() end; return f.x", "local n = 5; n.x = 1",
    "local n = 5; n:m()", "local b = true; b()", "local a <const> = nil; a.x = 1", "return upv.x",
    "local co = coroutine.create(print); co()",
}
for i, p in ipairs(progs) do print(p, pcall(assert(load(p, "=p" .. i)))) end

-- names of upvalues, fields of upvalues and lines
print(pcall(function() return up.x end)) print(pcall(function() up() end)) print(pcall(function() return upt.a.b end))
print(pcall(function() upt.x.y = 1 end)) print(pcall(function() upt:m() end)) print(pcall(function() return up .. "x" end))
print(pcall(function() return upt < upt end))
print(pcall(function()
  local a = 1
  local b = a +
    upt
  return b
end))
print(pcall(load("\n\n\nlocal x = nil\n\nx.y()", "=lines"))) print(pcall(load("local function f()\n error('deep')\nend\nf()", "@file.lua")))
print(pcall(load("error('str')", "some code"))) print(pcall(load("error('str')", "line one\nline two")))
print(pcall(load("error('long')", ("x"):rep(100))))
