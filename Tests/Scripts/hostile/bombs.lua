-- What takes all memory. Each part is a script of its own; `ask` waits, `double` gives a string twice.
--- a string that doubles
local s = 'x' while true do s = s .. s end
--- rep
local s = ('x'):rep(1 << 30)
--- rep of rep
local t = {} for i = 1, 1 << 40 do t[i] = ('x'):rep(1 << 20) .. i end
--- a table
local t = {} for i = 1, math.huge do t[i] = i end
--- tables
local t = {} while true do t = { t } end
--- closures
local f while true do local g = f f = function() return g end end
--- coroutines
local t = {} while true do t[#t + 1] = coroutine.create(print) end
--- gsub
local s = 'x' while true do s = s:gsub('x', 'xx') end
--- format
local s = 'x' while true do s = ('%s%s'):format(s, s) end
--- concat
local s = 'x' while true do s = table.concat { s, s } end
--- varargs
local function f(...) return f(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, ...) end while true do f() end
--- globals
for i = 1, math.huge do _G['g' .. i] = i end
--- upper
local t, s = {}, ('x'):rep(1 << 20) for i = 1, math.huge do t[i] = (s .. i):upper() end
--- load
local t = {} for i = 1, math.huge do t[i] = assert(load('return ' .. i)) end
--- pack
local s = 'x' while true do s = string.pack('s4s4', s, s) end
--- a host function
local s = ('x'):rep(1 << 20) local t = {} while true do t[#t + 1] = double(s) end
--- arguments
local s = ('x'):rep(5 << 20) ask(s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s)
