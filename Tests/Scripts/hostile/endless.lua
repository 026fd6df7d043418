-- What a script can do for ever, by the hole it goes through. Each part is a script of its own.
--- a loop
while true do end
--- goto
::a:: goto a
--- a loop in a pcall in a loop
while true do pcall(function() while true do end end) end
--- errors in a loop
while true do pcall(error, 'x') end
--- a coroutine that loops
coroutine.wrap(function() while true do end end)()
--- coroutines without end
while true do coroutine.wrap(function() pcall(error) end)() end
--- a coroutine that is resumed without end
local co = coroutine.wrap(function() while true do coroutine.yield() end end) while true do co() end
--- a metamethod called from C
local t = setmetatable({}, { __index = function() while true do end end })
while true do pcall(table.concat, t, '', 1, 5) end
--- a message handler
xpcall(error, function() while true do end end)
--- a message handler that fails
while true do xpcall(error, function() error 'x' end) end
--- a close handler
while true do pcall(function() local x <close> = setmetatable({}, { __close = error }) error 'x' end) end
--- backtracking
(('a'):rep(30) .. 'c'):find(('a-'):rep(28) .. 'b')
--- backtracking in gsub
(('a'):rep(30) .. 'c'):gsub(('a?'):rep(25) .. ('a'):rep(25) .. 'b', '')
--- gmatch
for _ in (('a'):rep(30) .. 'c'):gmatch(('a*'):rep(20) .. 'b') do end
--- a plain search
local s = ('x'):rep(2 ^ 22) while true do s:find(('x'):rep(2 ^ 20) .. 'y', 1, true) end
--- gsub with a function
(('x'):rep(100)):gsub('x', function() while true do end end)
--- table.move
table.move({}, 1, math.maxinteger - 1, 2)
--- table.insert
table.insert(setmetatable({}, { __len = function() return 1 << 53 end }), 1, 1)
--- table.remove
table.remove(setmetatable({}, { __len = function() return 1 << 53 end }), 1)
--- table.concat
table.concat(setmetatable({}, { __index = function() return '' end }), '', 1, math.maxinteger - 1)
--- table.sort
table.sort({ 3, 2, 1 }, function() while true do end end)
--- tostring
tostring(setmetatable({}, { __tostring = function() while true do end end }))
--- print
print(setmetatable({}, { __tostring = function() while true do end end }))
--- string.format
('%s'):format(setmetatable({}, { __tostring = function() while true do end end }))
--- pairs
local t = {} for i = 1, 9999 do t['k' .. i] = i end while true do for k in pairs(t) do end end
--- __pairs
for k in pairs(setmetatable({}, { __pairs = function() while true do end end })) do end
--- next
local t = {} for i = 1, 9999 do t['k' .. i] = i end while true do next(t) end
--- load with a reader
load(function() return 'x = 1 ' end)
--- the parser
local s = 'local a; return ' .. ('a or '):rep(50000) .. 'a' while true do load(s) end
--- comparisons
local s = ('x'):rep(2 ^ 20) while true do local _ = s .. 'a' < s .. 'b' end
--- closing
local function handler() while true do end end
local co = coroutine.create(function()
  local x <close> = setmetatable({}, { __close = handler })
  coroutine.yield()
end)
coroutine.resume(co)
coroutine.close(co)
