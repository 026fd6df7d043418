-- os.time and os.date in the time zone of the run. The C library's know the zone of the process only.
-- They do, and say, what those of Lua 5.4 do in the locale C.

local host, now = host, now
local type, tonumber, tostring, error = type, tonumber, tostring, error
local find, format, match, sub, concat = string.find, string.format, string.match, string.sub, table.concat
local number_type, tointeger = math.type, math.tointeger

-- Strings that Lua converts are numbers, and floats without a fraction integers.
local function integer(value)
  if type(value) == "string" then value = tonumber(value) end
  return number_type(value) and tointeger(value)
end

-- Level 3 is the script: it called os.time or os.date, which called this.
local function refuse(number, name, problem)
  error(format("bad argument #%d to '%s' (%s)", number, name, problem), 3)
end

-- Fields --------------------------------------------------------------------------------------------------------------

local function fill(fields, year, month, day, hour, min, sec, weekday, day_of_year, is_summer)
  -- One after the other: a table may look who writes what.
  fields.year = year
  fields.month = month
  fields.day = day
  fields.hour = hour
  fields.min = min
  fields.sec = sec
  fields.yday = day_of_year + 1
  fields.wday = weekday + 1
  fields.isdst = is_summer
  return fields
end

-- C has them as an int, some as the difference from a base.
local function field(fields, key, default, base)
  local value = fields[key]
  local number = integer(value)
  if not number then
    if value ~= nil then error(format("field '%s' is not an integer", key), 3) end
    if not default then error(format("field '%s' missing in date table", key), 3) end
    return default
  end
  if number >= 0 and number - base > 0x7fffffff or number < 0 and number < base - 0x80000000 then
    error(format("field '%s' is out-of-bound", key), 3)
  end
  return number
end

os.time = function(fields)
  if fields == nil then return now() end
  if type(fields) ~= "table" then refuse(1, "time", "table expected, got " .. type(fields)) end
  local year, month, day = field(fields, "year", nil, 1900), field(fields, "month", nil, 1), field(fields, "day", nil, 0)
  local hour, min, sec = field(fields, "hour", 12, 0), field(fields, "min", 0, 0), field(fields, "sec", 0, 0)
  local is_summer = fields.isdst
  if is_summer ~= nil then is_summer = not not is_summer end
  local time = host.instant(year, month, day, hour, min, sec, is_summer)
  -- C returns -1 for what it cannot represent, so that second cannot be told.
  if not time or time == -1 then error("time result cannot be represented in this installation", 2) end
  fill(fields, host.local_time(time))
  return time
end

-- Formats -------------------------------------------------------------------------------------------------------------

local days = { [0] = "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday" }
local months = {
  "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
}

local function leap(year) return year % 4 == 0 and (year % 100 ~= 0 or year % 400 == 0) end

-- The year and the number of the week by ISO 8601: weeks begin on Mondays, and the first has 4 January.
local function iso_week(t)
  local thursday = t.day_of_year + 3 - (t.weekday + 6) % 7
  local year = t.year
  if thursday < 0 then
    year = year - 1
    thursday = thursday + (leap(year) and 366 or 365)
  else
    local length = leap(year) and 366 or 365
    if thursday >= length then year, thursday = year + 1, thursday - length end
  end
  return year, thursday // 7 + 1
end

local write

local function number(digits, value)
  local form = "%0" .. digits .. "d"
  return function(t) return format(form, value(t)) end
end

local function combined(form)
  return function(t) return write(form, t) end
end

local conversions = {
  a = function(t) return sub(days[t.weekday], 1, 3) end,
  A = function(t) return days[t.weekday] end,
  b = function(t) return sub(months[t.month], 1, 3) end,
  B = function(t) return months[t.month] end,
  c = combined "%a %b %e %H:%M:%S %Y",
  C = function(t) return tostring(t.year // 100) end,
  d = number(2, function(t) return t.day end),
  D = combined "%m/%d/%y",
  e = function(t) return format("%2d", t.day) end,
  F = combined "%Y-%m-%d",
  g = number(2, function(t) return iso_week(t) % 100 end),
  G = function(t) return tostring((iso_week(t))) end,
  H = number(2, function(t) return t.hour end),
  I = number(2, function(t) return (t.hour + 11) % 12 + 1 end),
  j = number(3, function(t) return t.day_of_year + 1 end),
  m = number(2, function(t) return t.month end),
  M = number(2, function(t) return t.min end),
  n = function() return "\n" end,
  p = function(t) return t.hour < 12 and "AM" or "PM" end,
  r = combined "%I:%M:%S %p",
  R = combined "%H:%M",
  S = number(2, function(t) return t.sec end),
  t = function() return "\t" end,
  T = combined "%H:%M:%S",
  u = function(t) return tostring((t.weekday + 6) % 7 + 1) end,
  U = number(2, function(t) return (t.day_of_year + 7 - t.weekday) // 7 end),
  V = number(2, function(t) local _, week = iso_week(t) return week end),
  w = function(t) return tostring(t.weekday) end,
  W = number(2, function(t) return (t.day_of_year + 7 - (t.weekday + 6) % 7) // 7 end),
  x = combined "%m/%d/%y",
  X = combined "%H:%M:%S",
  y = number(2, function(t) return t.year % 100 end),
  Y = function(t) return tostring(t.year) end,
  z = function(t)
    local minutes = (t.offset < 0 and -t.offset or t.offset) // 60
    return format("%s%02d%02d", t.offset < 0 and "-" or "+", minutes // 60, minutes % 60)
  end,
  Z = function(t) return t.zone end,
  ["%"] = function() return "%" end,
}
conversions.h = conversions.b
-- The locale C has no eras and no other digits.
for key in ("cCxXyY"):gmatch(".") do conversions["E" .. key] = conversions[key] end
for key in ("deHImMSuUVwWy"):gmatch(".") do conversions["O" .. key] = conversions[key] end

-- The text of a format, or nil and the rest of the format from what is no conversion on.
function write(form, t)
  local parts, count, from = {}, 0, 1
  while true do
    local at = find(form, "%", from, true)
    parts[count + 1] = sub(form, from, at and at - 1)
    if not at then return concat(parts) end
    from = at + 2
    local conversion = conversions[sub(form, at + 1, at + 1)]
    if not conversion then
      from = at + 3
      conversion = conversions[sub(form, at + 1, at + 2)]
    end
    if not conversion then return nil, match(form, "^[^\0]*", at) end
    parts[count + 2] = conversion(t)
    count = count + 2
  end
end

local function broken_down(year, month, day, hour, min, sec, weekday, day_of_year, is_summer, offset, zone)
  return year and {
    year = year, month = month, day = day, hour = hour, min = min, sec = sec, weekday = weekday,
    day_of_year = day_of_year, is_summer = is_summer, offset = offset, zone = zone,
  }
end

os.date = function(form, at)
  if form == nil then
    form = "%c"
  elseif type(form) == "number" then
    form = tostring(form)
  elseif type(form) ~= "string" then
    refuse(1, "date", "string expected, got " .. type(form))
  end
  local time = now()
  if at ~= nil then
    time = integer(at)
    if not time then
      local is_number = type(at) == "number" or type(at) == "string" and tonumber(at)
      refuse(2, "date", is_number and "number has no integer representation" or "number expected, got " .. type(at))
    end
  end
  local is_universal = sub(form, 1, 1) == "!"
  if is_universal then form = sub(form, 2) end
  local t = broken_down(host.local_time(time, is_universal))
  if not t then error("date result cannot be represented in this installation", 2) end
  if match(form, "^[^\0]*") == "*t" then
    return fill({}, t.year, t.month, t.day, t.hour, t.min, t.sec, t.weekday, t.day_of_year, t.is_summer)
  end
  local text, wrong = write(form, t)
  if not text then refuse(1, "date", format("invalid conversion specifier '%s'", wrong)) end
  return text
end
