-- Instants as local times, and local times as instants: what os.date and os.time say. The arguments are the earliest
-- instant to ask for, and those at which the clocks of the zone are changed.

local earliest = math.tointeger(tonumber((...)))

local state = 1
local function random(least, most)
  state = state * 6364136223846793005 + 1442695040888963407
  return least + (state >> 11) % (most - least + 1)
end

local conversions = {}
for letter in ("aAbBcCdDeFgGhHIjmMnprRStTuUVwWxXyYzZ%"):gmatch(".") do conversions[#conversions + 1] = "%" .. letter end
for letter in ("cCxXyY"):gmatch(".") do conversions[#conversions + 1] = "%E" .. letter end
for letter in ("deHImMSuUVwWy"):gmatch(".") do conversions[#conversions + 1] = "%O" .. letter end
local all = table.concat(conversions, "|"):gsub("%%n|", "")

local function instant(at)
  print("at", at, (os.date("%Y-%m-%d %H:%M:%S %j %w %z %Z", at)), os.date("*t", at).isdst)
end

local function whole(at)
  for _, form in ipairs { all, "!" .. all } do
    print("all", at, (os.date(form, at):gsub("\n", "/")))
  end
end

local function civil(year, month, day, hour, min, sec, isdst)
  local t = { year = year, month = month, day = day, hour = hour, min = min, sec = sec, isdst = isdst }
  local ok, at = pcall(os.time, t)
  print("civil", year, month, day, hour, min, sec, isdst, at)
  if ok then at = table.concat({ t.year, t.month, t.day, t.hour, t.min, t.sec, t.wday, t.yday, tostring(t.isdst) }, " ") end
  print("fields", at)
end

local kinds = { false, true, n = 3 }

for _, text in ipairs { select(2, ...) } do
  local change = math.tointeger(tonumber(text))
  for _, distance in ipairs { -86400, -3601, -3600, -1801, -1, 0, 1, 1799, 1800, 3599, 3600, 86400 } do
    instant(change + distance)
  end
  whole(change - 1)
  whole(change)
  -- Around what clocks show before the change, and after it.
  for _, side in ipairs { change - 1, change } do
    local sign, hours, minutes = os.date("%z", side):match("(.)(%d%d)(%d%d)")
    local offset = (hours * 60 + minutes) * (sign == "-" and -60 or 60)
    for _, distance in ipairs { -7200, -3601, -3600, -1801, -1, 0, 1, 600, 1799, 1800, 3599, 3600, 7200, 86399 } do
      local t = os.date("!*t", change + offset + distance)
      for kind = 1, 3 do civil(t.year, t.month, t.day, t.hour, t.min, t.sec, kinds[kind]) end
    end
  end
end

for _ = 1, 400 do
  instant(random(0, 4200000000))
  whole(random(earliest, 250000000000))
end
for _ = 1, 1500 do
  civil(
    random(1985, 2100), random(-30, 40), random(-60, 60), random(-50, 50), random(-500, 500), random(-90000, 90000),
    kinds[random(1, 3)])
end
