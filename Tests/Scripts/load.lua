-- load
-- through pcall, so that the message handler of the stand-alone interpreter is not in the way
local function L(...) return select(2, pcall(load, ...)) end
local function p(f, m) if f then print("ok", pcall(f)) else print("no", m) end end

-- strings
p(load("return 1 + 1")) p(load("")) p(load("-- only a comment")) p(load("return ...")) p(load("x =")) p(load("return 1,2,nil,4"))
p(load("#!shebang\nreturn 1"))
print(load("return ...")(1, nil, 3)) print(select("#", load("return ...")(nil, nil))) print(load("local a, b = ... return b, a")("x", "y"))
print(type(load("return 1")), load("return 1") == load("return 1"))

-- functions that hand out pieces
local function pieces(t) local i = 0 return function() i = i + 1 return t[i] end end
p(load(pieces{"return ", "4", "2"})) p(load(pieces{"ret", "urn ", "'spl", "it'"})) p(load(pieces{}))
p(load(pieces{"return 1", "", " + 100"})) p(load(pieces{"return 1", nil, "+ 1"})) p(load(pieces{"local x = ", 12, " return x"}))
local chars, k = "local s = 0 for i = 1, 10 do s = s + i end return s", 0
p(load(function() k = k + 1 local c = chars:sub(k, k) if c ~= "" then return c end end))
k = 0 p(load(function() k = k + 1
  if k <= 300 then return "x" .. k .. " = " .. k .. " " elseif k == 301 then return "return x1 + x300" end end)) for i = 1,
  300 do _G["x" .. i] = nil end
p(load(pieces{"syntax", " error here"})) p(L(function() error("the reader raises", 0) end))
p(L(function() error({}) end) == nil and function() return "nil for a table error" end) p(L(pieces{"return ", {}, "x"}))
p(L(pieces{"return ", true})) print(type(select(2, L(function() error({}) end)))) p(load(pieces{"return 'a", "b\n", "'"}, "=pieces"))
p(load(pieces{"error('in a chunk of pieces')"})) print(select(2, L(function() local t = nil return t.x end)))
print(pcall(function() local f, m = load(pieces{"return ", {}}) return m end))

-- chunk names
for _, name in ipairs{"=name", "@file.lua", "text of the chunk", "two\nlines", "=", "@", "=" .. ("n"):rep(80),
  "@" .. ("dir/"):rep(20) .. "f.lua", ("long "):rep(20), "short\n", ""} do print(load("x x",
  name)) print(pcall(load("error('run')", name))) print(pcall(load("local t = nil; return t.x", name))) end
print(load("\n\nx x")) print(load(pieces{"x x"})) print(pcall(load(pieces{"error('E')"})))
print(pcall(load("\n\nerror('third line')", "=lines"))) print(pcall(load("local function f()\nerror('two up', 2)\nend\n\nf()", "=lv")))
print(load("x = = 1", nil)) print(load("return 1", "=n", nil)())

-- environments
local env = {y = 5, print = print} print(load("return y", "=e", "t", env)()) print(load("z = y * 2 return z", "=e", "t", env)(), env.z, z)
print(pcall(load("return tostring(1)", "=e", "t", {}))) print(pcall(load("return a.b", "=e", "t", {})))
print(load("return _ENV", "=e", "t", env)() == env, load("return _ENV")() == _G, load("return _ENV", "=e", "t", nil)())
print(load("local _ENV = {w = 3} return w", "=e", "t", env)(), pcall(load("return x", "=e", "t", nil)))
print(load("return function() y = y + 1 return y end", "=e", "t", env)()(), env.y)
print(load("return y, ...", "=e", "t", setmetatable({}, {__index = function(_, n) return "<" .. n .. ">" end}))("arg"))
print(load("x1 = 1; local x2 = 2; function x3() end", "=e", "t",
  setmetatable({}, {__newindex = function(_, n, v) print("set", n, type(v)) end}))()) print(pcall(load("y = 1", "=e", "t",
  5))) print(load("return y", "=e", "t", "a string")()) print((load("return len", "=e", "t", "a string")()) == string.len)

-- modes
print(load("return 1", "=m", "t")(), load("return 1", "=m", "bt")(), (load("return 1", "=m", "b"))) print(pcall(load, "return 1", {}))
print(pcall(load)) print(pcall(load, nil)) print(pcall(load, 5)) print(pcall(load, {})) print(pcall(load, true))
print(pcall(load, "x", "=m", {}))

-- a loaded chunk does not see locals
local hidden = "local" print(load("return hidden")()) print(load("hidden = 'global' return hidden")(), hidden) _G.hidden = nil

-- syntax errors, with lines and what is near
local wrong = {"x", "x =", "= 1", "1", "'text'", "x y", "return return", "return 1 2", "return 1, ", "local", "local 1", "local function",
  "local function f", "local function f(", "local function f(a", "local function f(a,", "local function f(...,a) end", "function",
  "function f", "function f()", "function f.g:h.i() end", "function 1() end", "if", "if x", "if x then", "if x then else",
  "if x then elseif", "if x then y", "else", "elseif x", "end", "while", "while x", "while x do", "for", "for i", "for i =", "for i = 1",
  "for i = 1, 2", "for i = 1, 2, 3, 4 do end", "for i, j = 1, 2 do end", "for i in", "for i in x", "for 1 = 1, 2 do end",
  "for i.x = 1, 2 do end", "repeat", "repeat until", "until x", "do", "do end end", "f(", "f(1", "f(1,", "f(1 2)", "f)", "x = f(", "x = (1",
  "x = ()", "x = {", "x = {1", "x = {1,,2}", "x = {[1}", "x = {[1] 2}", "x = {a = }", "x = {= 1}", "x.1 = 2", "x. = 1", "x[ = 1", "x[1 = 2",
  "x:y = 1", "x:y", "x.y", "x:1()", "x{", "(x)", "(x) = 1", "f() = 1", "a, b", "a, b +", "a, f() = 1", "1 = x", "x, 1 = 2, 3", "x = 1 +",
  "x = + 1", "x = 1 * * 2", "x = not", "x = #", "x = ..", "x = a..", "x = 1 ~= ", "x = 1 != 2", "x = 1 === 2", "x = a ? b", "x = $",
  "x = `", "x = @", "x = \\", "x = !y", "x += 1", "x++", "x = 'unfinished", "x = \"unfinished", "x = 'two\nlines'", "x = [[long",
  "x = [==[long]]", "x = [=x", "--[[ comment", "--[==[ comment ]]", "x = '\\q'", "x = '\\300'", "x = '\\xZZ'", "x = '\\x1'", "x = '\\u{}'",
  "x = '\\u{110000000}'", "x = '\\u41'", "x = '\\u{41'", "x = 0x", "x = 1e", "x = 1e+", "x = 0x1p", "x = 1.2.3", "x = 12abc", "x = 3..2",
  "x = .", "x = 0xg", "x = 1..2", "break", "goto", "goto x", "::x", "local x <", "local x <const", "local x <foo>", "and", "x = and 1",
  "x = 1 and", "nil = 1", "true()", "x = function", "x = function()", "x = function( end", "x = function(a b) end", "x = function(1) end",
  "x = function(...", "return ... ...", "function f() return ... end", "x = ...+", "\n\n\nx = = 2", "local a\nlocal b =\n\n\nc d",
  "f(\n\n\n", "if x then\n\n\n", "x = {\n1,\n2\n", "for i = 1, 2 do\n\nprint(i)\n", "x = \"abc\\\n", "x\n=\n1\n2", ("("):rep(250),
  "x = " .. ("{"):rep(250), "local " .. ("a,"):rep(250) .. "a"}
for i, src in ipairs(wrong) do print((#src > 60 and src:sub(1, 20) .. "..." or src):gsub("\n", "|") .. "", select(2, L(src, "=s" .. i))) end

-- lines of runtime errors
for i, src in ipairs{"\nlocal x\n\nx()", "f(\n1,\n2)", "local t = {\n a = 1,\n b = nil .. 'x',\n}", "return 1 +\n 2 +\n nil",
  "\n\n\nerror 'here'", "for i = 1, 3 do\n if i == 2 then\n  error(i .. '!')\n end\nend",
  "local s = [[\n\n\n]] error('after a long string')", "--[[\n\n]] error('after a comment')", "return function()\n\nreturn nil + 1 end",
  "local a = 1\nlocal b = {}\nreturn a\n<\nb",
  "local t = setmetatable({}, {__index = function(t, k)\nerror('index ' .. k)\nend})\nreturn\nt.foo", "error('a\\\nb')",
  "error(\n'x'\n)\n"} do
  local f = load(src, "=r" .. i) local ok, m = pcall(f) if type(m) == "function" then ok, m = pcall(m) end print(i, ok, m) end

-- load in load, recursion and many
print(load("return load('return load(\"return 7\")()')()")()) local function deep(n)
if n == 0 then return "bottom" end return load("local d, n = ... return d(n - 1)")(deep, n) end print(deep(30)) local sum = 0 for i = 1, 200
do sum = sum + load("return " .. i .. " * 2")() end print(sum)
print(load("return " .. ("1 + "):rep(1000) .. "1")(), #load("return '" .. ("x"):rep(10000) .. "'")(),
  load("local t = {" .. ("7,"):rep(1000) .. "} return #t, t[1000]")()) print(select(2,
  pcall(load("return " .. ("- "):rep(100) .. "1")))) print(load("return " .. ("("):rep(100) .. "1" .. (")"):rep(100))())
print(load((";"):rep(1000) .. "return 'semicolons'")())
x, y, t = nil, nil, nil
