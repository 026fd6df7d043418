-- date.add and its kin: dates are texts such as 2026-12-25. Nothing here knows what time it is, but date.today.

local host, now = host, now
local type, error, tostring, pairs, ipairs, select = type, error, tostring, pairs, ipairs, select
local match, format, gsub, find = string.match, string.format, string.gsub, string.find
local number_type, tointeger = math.type, math.tointeger
local os_date = os.date

date = {}

-- Level 3 is the script: it called a function of date, which called this. What such a function calls adds to it.
local function refuse(name, problem, more) error("date." .. name .. ": " .. problem, 3 + (more or 0)) end

local function shown(value) return type(value) == "string" and '"' .. value .. '"' or tostring(value) end

-- Days since 1970, and back. The 13th month is January of the next year, and the day before the first the last of a month.
local day_number = host.day

local function civil(number)
  local year, month, day = host.local_time(number * 86400, true)
  return year, month, day
end

-- The text of a date, or an error where it is beyond what a date has digits for.
local function text(name, number)
  local year, month, day = civil(number)
  if year < 1 or year > 9999 then refuse(name, "the date is not between the years 1 and 9999", 1) end
  return format("%04d-%02d-%02d", year, month, day)
end

local function is_date(year, month, day)
  local real_year, real_month, real_day = civil(day_number(year, month, day))
  return year >= 1 and real_year == year and real_month == month and real_day == day
end

local function read(name, value, more)
  local year, month, day = match(type(value) == "string" and value or "", "^(%d%d%d%d)-(%d%d)-(%d%d)$")
  if not year then refuse(name, "a date such as 2026-12-25 was expected; got " .. shown(value), 1 + (more or 0)) end
  year, month, day = tointeger(year), tointeger(month), tointeger(day)
  if not is_date(year, month, day) then refuse(name, value .. " is no date", 1 + (more or 0)) end
  return day_number(year, month, day), year, month, day
end

-- Monday is 1: 1970 began with a Thursday.
local function weekday(number) return (number + 3) % 7 + 1 end

-- The days off: those of a list of dates, or of a calendar, which knows the years from its first day to its last only.
local function holidays(name, list)
  local free = { weekend = { [6] = true, [7] = true }, name = name }
  if list == nil then return free end
  if type(list) == "string" then
    local days, weekend = host.calendar(list)
    if not days then refuse(name, "there is no calendar " .. shown(list) .. " in the configuration", 1) end
    free.calendar, free.weekend = list, {}
    for _, day in ipairs(weekend) do free.weekend[day] = true end
    if #days > 0 then
      local _, first = read(name, days[1])
      local _, last = read(name, days[#days])
      free.first, free.last = day_number(first, 1, 1), day_number(last, 12, 31)
    end
    list = days
  end
  if type(list) ~= "table" then
    refuse(name, "holidays are a list of dates, or the name of a calendar; got " .. shown(list), 1)
  end
  for _, value in ipairs(list) do free[(read(name, value, 1))] = true end
  return free
end

local function is_workday(number, free, more)
  if free.first and (number < free.first or number > free.last) then
    refuse(free.name, format('the calendar "%s" knows the days from %s to %s only: add days to calendars.%s', free.calendar,
      (text(free.name, free.first)), (text(free.name, free.last)), free.calendar), 1 + (more or 0))
  end
  return not free.weekend[weekday(number)] and not free[number]
end

local most = 4000000

local function whole(name, value)
  local number = number_type(value) and tointeger(value)
  if not number or number > most or number < -most then
    refuse(name, "a whole number was expected; got " .. shown(value), 1)
  end
  return number
end

local function add_months(year, month, day, count)
  local first = day_number(year, month + count, 1)
  local length = day_number(year, month + count + 1, 1) - first
  return first + (day < length and day or length) - 1
end

local function add_workdays(number, count, free)
  local step = count < 0 and -1 or 1
  while count ~= 0 do
    number = number + step
    if is_workday(number, free, 1) then count = count - step end
  end
  return number
end

local most_workdays = 100000

function date.today() return os_date("%Y-%m-%d", now()) end

function date.add(value, count, unit, free)
  local number, year, month, day = read("add", value)
  count = whole("add", count)
  if unit == nil or unit == "days" then return (text("add", number + count)) end
  if unit == "weeks" then return (text("add", number + 7 * count)) end
  if unit == "months" then return (text("add", add_months(year, month, day, count))) end
  if unit == "years" then return (text("add", add_months(year, month, day, 12 * count))) end
  if unit == "workdays" then
    if count > most_workdays or count < -most_workdays then
      refuse("add", most_workdays .. " working days are the most; got " .. count)
    end
    return (text("add", add_workdays(number, count, holidays("add", free))))
  end
  refuse("add", 'the unit is "days", "weeks", "months", "years" or "workdays"; got ' .. shown(unit))
end

-- From the first date to the second: negative if that is earlier.
function date.diff(from, to, unit, free)
  local first, year, month, day = read("diff", from)
  local last, last_year, last_month, last_day = read("diff", to)
  if unit == nil or unit == "days" then return last - first end
  local sign = last < first and -1 or 1
  if unit == "weeks" then return sign * (sign * (last - first) // 7) end
  if unit == "months" then
    local count = (last_year - year) * 12 + last_month - month
    -- The last month counts when it is over.
    if sign * count > 0 and sign * (add_months(year, month, day, count) - last) > 0 then count = count - sign end
    return count
  end
  if unit == "workdays" then
    if sign * (last - first) > 2 * most_workdays then refuse("diff", "the dates are too far apart for working days") end
    local set, count = holidays("diff", free), 0
    for number = first + sign, last, sign do
      if is_workday(number, set) then count = count + sign end
    end
    return count
  end
  refuse("diff", 'the unit is "days", "weeks", "months" or "workdays"; got ' .. shown(unit))
end

function date.weekday(value) return weekday((read("weekday", value))) end

function date.is_workday(value, free)
  -- In parentheses: a tail call would leave the stack without this function, and the error without its line.
  return (is_workday((read("is_workday", value)), holidays("is_workday", free)))
end

function date.first_of_month(value)
  local _, year, month = read("first_of_month", value)
  return (text("first_of_month", day_number(year, month, 1)))
end

function date.last_of_month(value)
  local _, year, month = read("last_of_month", value)
  return (text("last_of_month", day_number(year, month + 1, 0)))
end

-- Formats are those of os.date, at midnight.
function date.format(value, form)
  local number = read("format", value)
  if type(form) ~= "string" then refuse("format", "a format such as %d.%m.%Y was expected; got " .. shown(form)) end
  return os_date("!" .. form, number * 86400)
end

local fields = {
  Y = { "(%d%d%d%d)", "year" }, y = { "(%d%d)", "short" }, m = { "(%d%d?)", "month" }, d = { "(%d%d?)", "day" },
}

function date.parse(value, form)
  if type(value) ~= "string" or type(form) ~= "string" then
    refuse("parse", "a text and a format such as %d.%m.%Y were expected")
  end
  local names = {}
  local pattern = gsub(gsub(form, "[%^%$%(%)%.%[%]%*%+%-%?]", "%%%0"), "%%(.)", function(letter)
    if find(letter, "%p") then return "%" .. letter end
    local field = fields[letter]
    if not field then refuse("parse", "a format has %Y, %y, %m and %d; got %" .. letter, 2) end
    names[#names + 1] = field[2]
    return field[1]
  end)
  local found = { match(value, "^" .. pattern .. "$") }
  if #found == 0 or #found ~= #names then refuse("parse", shown(value) .. " is not written as " .. form) end
  local parts = {}
  for index, name in ipairs(names) do parts[name] = tointeger(found[index]) end
  local year = parts.year or parts.short and 2000 + parts.short
  if not (year and parts.month and parts.day) then refuse("parse", form .. " does not tell year, month and day") end
  if not is_date(year, parts.month, parts.day) then refuse("parse", shown(value) .. " is no date") end
  return (text("parse", day_number(year, parts.month, parts.day)))
end

-- How far the clocks of the run's zone are ahead of universal time.
local function offset(time) return (select(10, host.local_time(time))) end

-- The instant at which the clocks were changed, between two at which they differ.
local function change(low, high)
  local before = offset(low)
  while high - low > 1 do
    local middle = (low + high) // 2
    if offset(middle) == before then low = middle else high = middle end
  end
  return high
end

function date.at(value, clock, options)
  local number, year, month, day = read("at", value)
  local hour, minute = match(type(clock) == "string" and clock or "", "^(%d%d?):(%d%d)$")
  hour, minute = tointeger(hour), tointeger(minute)
  if not hour or hour > 23 or minute > 59 then refuse("at", "a time such as 01:30 was expected; got " .. shown(clock)) end
  local missing, repeated = "error", "first"
  for name, word in pairs(options == nil and {} or type(options) == "table" and options or refuse("at", "options are a table")) do
    if name == "missing" and (word == "error" or word == "next" or word == "shift") then
      missing = word
    elseif name == "repeated" and (word == "first" or word == "second") then
      repeated = word
    else
      refuse("at", 'the options are missing = "error", "next" or "shift", and repeated = "first" or "second"')
    end
  end
  local wall = number * 86400 + hour * 3600 + minute * 60
  -- The clocks may show it never, once or twice: by the offsets of the day before and of the day after.
  local early, late = wall - offset(wall - 86400), wall - offset(wall + 86400)
  local first = early + offset(early) == wall and early or nil
  local second = late + offset(late) == wall and late or nil
  if first and second then return repeated == "first" and (first < second and first or second) or (first < second and second or first) end
  if first or second then return first or second end
  if missing == "shift" then return early end
  local next = change(wall - 86400 - offset(wall - 86400), wall + 86400 - offset(wall + 86400))
  if missing == "next" then return next end
  refuse("at", format("there is no %02d:%02d on %s: the clocks go forward then", hour, minute, value))
end
