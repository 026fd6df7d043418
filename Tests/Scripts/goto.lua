-- goto

-- continue
for i = 1, 10 do
  if i % 3 ~= 0 then goto continue end
  print("multiple of three", i)
  ::continue::
end
for _, v in ipairs{"a", 1, "b", 2, false} do
  if type(v) ~= "string" then goto next end
  print("string", v)
  ::next::
end
local i = 0
while i < 5 do
  i = i + 1
  if i == 3 then goto skip end
  print("while", i)
  ::skip::
end
i = 0
repeat
  i = i + 1
  if i == 2 then goto cont end
  print("repeat", i)
  ::cont::
until i >= 4

-- out of nested loops
for a = 1, 5 do
  for b = 1, 5 do
    for c = 1, 5 do
      if a * b * c == 24 then print("found", a, b, c) goto found end
    end
  end
end
print("not reached")
::found::
for a = 1, 3 do
  for b = 1, 3 do
    if b > a then goto next_a end
    print("triangle", a, b)
  end
  ::next_a::
end

-- backwards
do
  local n = 0
  ::again::
  n = n + 1
  print("again", n)
  if n < 5 then goto again end
end

-- a loop made of gotos
local function collatz(n)
  local steps = 0
  ::top::
  if n == 1 then goto done end
  if n % 2 == 0 then n = n // 2 else n = 3 * n + 1 end
  steps = steps + 1
  goto top
  ::done::
  return steps
end
for n = 1, 20 do print("collatz", n, collatz(n)) end

-- a state machine
local function machine(s)
  local pos, out = 1, {}
  local function peek() local c = s:sub(pos, pos) pos = pos + 1 return c end
  local c
  ::start:: c = peek()
  if c == "" then goto finish elseif c:match("%d") then goto number elseif c:match("%a") then goto word else goto other end
  ::number:: out[#out + 1] = "n" .. c goto start
  ::word:: out[#out + 1] = "w" .. c goto start
  ::other:: out[#out + 1] = "?" goto start
  ::finish:: return table.concat(out, " ")
end
for _, s in ipairs{"", "a1", "1-b", "x y 9", "!!"} do print(s, machine(s)) end

-- each pass of a block has fresh locals
do
  local fs, k = {}, 1
  ::l1::
  local v = k * 10
  fs[k] = function() v = v + 1 return v end
  k = k + 1
  if k <= 4 then goto l1 end
  for j = 1, 4 do print("closure", j, fs[j](), fs[j]()) end
end

-- the same label in different functions and in blocks next to each other
local function f1(x) if x then goto out end do return "fell" end ::out:: return "jumped" end
local function f2(x) if not x then goto out end do return "fell" end ::out:: return "jumped" end
print(f1(true), f1(false), f2(true), f2(false))
do goto e print("skipped") ::e:: end
do goto e print("skipped") ::e:: end
do ::a:: end do ::a:: end
print("blocks passed")

-- a label at the end of a block is in the void scope of locals
do
  goto last
  local x <const> = 1
  local y
  ::last::
end
do
  if i then goto last2 end
  local z
  ::last2:: ; ; ::last3::
end
print("void statements passed")

-- goto in branches
local function branch(n)
  if n == 1 then goto one elseif n == 2 then goto two else goto many end
  ::one:: do return "one" end
  ::two:: do return "two" end
  ::many:: return "many"
end
for n = 0, 3 do print(n, branch(n)) end

-- with break
for k = 1, 3 do
  while true do
    if k == 2 then goto outer end
    break
  end
  print("after inner loop", k)
  ::outer::
end
repeat
  local done = true
  if done then break end
until done
while true do do do break end end end
print("breaks passed")

-- in coroutines
local co = coroutine.wrap(function()
  local n = 0
  ::loop::
  n = n + coroutine.yield(n)
  if n < 100 then goto loop end
  return "over", n
end)
co()
for k = 20, 50, 10 do local a, b = co(k) print(a, b) if b then break end end

-- what the compiler refuses
local bad = {
  "goto nowhere",
  "goto l; local a ::l:: print(a)",
  "do ::inside:: end goto inside",
  "::twice:: ::twice::",
  "::twice:: do ::twice:: end",
  "goto l; do ::l:: end",
  "break",
  "if true then break end",
  "local function f() break end",
  "while true do local function f() break end end",
  "goto = 1",
  "goto 1",
  "::1::",
  "::a",
  "for i = 1, 2 do goto c; local x; ::c:: print(x) end",
  "repeat if x then goto cont end; local xuxu = 10; ::cont:: until xuxu < x",
  "local function f() goto up end ::up::",
  "goto f; local function f() end ::f:: return 1",
  "\n\ngoto line3\n\n",
  "\n::x::\n\n::x::",
}
for _, src in ipairs(bad) do print((src:gsub("\n", "|")), select(2, load(src, "=g"))) end

-- what it accepts
local good = {
  "goto l; local a ::l::", "::a:: return 1", "do goto x end ::x::", "::goto_:: return 2", "goto l do ::k:: end ::l:: return 3",
  "repeat if true then goto c end ::c:: until true return 4", "local a goto l ::l:: a = 5 return a",
    "for i = 1, 3 do goto c ::c:: end return 6",
  "do ::t:: end ::t:: return 7", "::u:: do local u = 8 return u end",
}
for _, src in ipairs(good) do local f, m = load(src, "=g") print(src, f and f() or m) end
