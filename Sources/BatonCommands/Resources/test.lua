-- The library of test files, require "baton.test": docs/testing.md explains it. What it is given by the host stands in
-- the global host until it is loaded.

local host = host
_G.host = nil

-- Test files may give these names another meaning.
local type, tostring, error, pcall, pairs, ipairs, next = type, tostring, error, pcall, pairs, ipairs, next
local concat, remove, sort = table.concat, table.remove, table.sort
local format, gsub, match, find = string.format, string.gsub, string.match, string.find
local number_type, huge, most, least = math.type, math.huge, math.max, math.min
local encode, array = json.encode, json.array

local test = {}

local function kind(value) return type(value) == "table" and "a table" or tostring(value) end

-- Fails the case, at the line that called the function of this library.
local function fail(text) error(text, 3) end

-- A case: a name, and a function that fails by an error.
test.case = host.case

-- Plays a night: test.run { "nightly.lua", scenario = { … }, … }. Returns what came of it.
function test.run(spec)
  if type(spec) == "string" then spec = { spec } end
  if type(spec) ~= "table" then fail('test.run: a table was expected: test.run { "nightly.lua", … }') end
  local request = { script = spec[1] or false }
  for key, value in pairs(spec) do
    if type(key) == "string" then request[key] = value
    elseif key ~= 1 then fail("test.run: one script was expected; a second value follows") end
  end
  local ok, night = pcall(host.run, encode(request))
  if not ok then fail("test.run: " .. tostring(night)) end
  return night
end

-- Values as people write them ------------------------------------------------------------------------------------------

local function shown(value, depth)
  depth = depth or 0
  if type(value) == "string" then return gsub(format("%q", value), "\\\n", "\\n") .. "" end
  if type(value) ~= "table" or depth > 4 then return tostring(value) end
  local parts, n = {}, #value
  for i = 1, n do parts[i] = shown(value[i], depth + 1) end
  local keys = {}
  for key in pairs(value) do
    if not (number_type(key) == "integer" and key >= 1 and key <= n) then keys[#keys + 1] = key end
  end
  sort(keys, function(a, b) return tostring(a) < tostring(b) end)
  for _, key in ipairs(keys) do
    local name = type(key) == "string" and match(key, "^[%a_][%w_]*$") or format("[%s]", shown(key, depth + 1))
    parts[#parts + 1] = name .. " = " .. shown(value[key], depth + 1)
  end
  return #parts == 0 and "{}" or "{ " .. concat(parts, ", ") .. " }"
end

-- Where two values differ first: a path, and the two. Nothing if they are alike.
local function difference(actual, expected, path)
  if type(actual) ~= "table" or type(expected) ~= "table" then
    if actual == expected then return end
    return path, actual, expected
  end
  for key, value in pairs(expected) do
    local place = path .. (type(key) == "string" and "." .. key or format("[%s]", tostring(key)))
    local at, a, b = difference(actual[key], value, place)
    if at then return at, a, b end
  end
  for key, value in pairs(actual) do
    if expected[key] == nil then
      return path .. (type(key) == "string" and "." .. key or format("[%s]", tostring(key))), value, nil
    end
  end
end

-- What test.run returned, or an error at the line of the case.
local function is_night(night, name)
  if type(night) ~= "table" or type(night.started) ~= "table" then
    error(name .. ": what test.run returned was expected first; got " .. kind(night), 3)
  end
end

local function are_labels(list, name, least)
  if #list < least then error(format("%s: %d labels at least were expected", name, least), 3) end
  for _, label in ipairs(list) do
    if type(label) ~= "string" then error(format("%s: labels were expected, one after the other; got %s", name, kind(label)), 3) end
  end
end

-- Expectations --------------------------------------------------------------------------------------------------------

function test.check(condition, text)
  if not condition then fail(text or "what was expected does not hold") end
  return condition
end

function test.equal(actual, expected, what)
  local path, a, b = difference(actual, expected, "")
  if not path then return end
  local name = what or "the value"
  if path ~= "" then name = name .. path end
  fail(format("%s\n  expected  %s\n  got       %s", name, shown(b), shown(a)))
end

local function as_sent(params)
  local texts = {}
  for name, value in pairs(params) do texts[name] = type(value) == "table" and value or tostring(value) end
  return texts
end

-- One start as it is expected: a label, or { label, params = {…}, … } with fields of the start.
local function fits(start, expected)
  if type(expected) == "string" then return start.label == expected end
  if start.label ~= expected[1] then return false end
  for key, value in pairs(expected) do
    -- Parameters are sent as texts.
    if key == "params" and type(value) == "table" then value = as_sent(value) end
    if key ~= 1 and difference(start[key], value, "") then return false end
  end
  return true
end

local function is_group(entry)
  if type(entry) ~= "table" then return false end
  for key in pairs(entry) do if type(key) == "string" then return false end end
  return #entry ~= 1 or type(entry[1]) == "table"
end

local function words(entry)
  if type(entry) == "string" then return entry end
  if not is_group(entry) then return shown(entry) end
  local parts = {}
  for i, item in ipairs(entry) do parts[i] = words(item) end
  return concat(parts, ", ") .. " (in any order)"
end

-- What was started, in this order; labels in a table of their own in any order: { "wf1", { "wf2", "wf3" }, "wf4" }.
function test.started(night, expected)
  is_night(night, "test.started")
  if type(expected) ~= "table" then fail("test.started: a list of labels was expected second; got " .. kind(expected)) end
  local at, missing, surplus = 1, {}, {}
  for _, entry in ipairs(expected) do
    local group = is_group(entry) and entry or { entry }
    local left, taken = {}, {}
    for i, item in ipairs(group) do left[i] = item end
    for _ = 1, #group do
      local start = night.started[at]
      local found
      for i, item in ipairs(left) do if start and fits(start, item) then found = i break end end
      if not found then break end
      remove(left, found)
      at = at + 1
    end
    if #left > 0 then
      missing = left
      break
    end
  end
  for i = at, #night.started do surplus[#surplus + 1] = night.started[i] end
  if #missing == 0 and #surplus == 0 then return end
  local names, got = {}, {}
  for i, item in ipairs(missing) do names[i] = words(item) end
  for i, start in ipairs(night.started) do
    got[i] = (i < at and "  " or "! ") .. start.label .. (next(start.params) and " " .. shown(start.params) or "")
  end
  local lines = {}
  for _, entry in ipairs(expected) do lines[#lines + 1] = words(entry) end
  local ids, labels = {}, {}
  for i, start in ipairs(surplus) do ids[i] = start.job_id end
  for i, item in ipairs(missing) do labels[i] = type(item) == "table" and tostring(item[1]) or item end
  host.differ(encode { missing = array(labels), surplus = array(ids) })
  local what = #missing > 0 and concat(names, ", ") .. " was expected to be started"
    .. (surplus[1] and ", not " .. surplus[1].label or "")
    or surplus[1].label .. " was started, and was not expected to be"
  fail(what .. "\n  expected  " .. concat(lines, " → ") .. "\n  started   "
    .. (#got > 0 and concat(got, "\n            ") or "nothing"))
end

-- What was never started.
function test.not_started(night, ...)
  is_night(night, "test.not_started")
  are_labels({ ... }, "test.not_started", 1)
  for _, label in ipairs { ... } do
    for _, start in ipairs(night.started) do
      if start.label == label then
        host.differ(encode { missing = array {}, surplus = { start.job_id } })
        fail(label .. " was started, and was expected not to be")
      end
    end
  end
end

local function job(night, label, name)
  for _, start in ipairs(night.started) do if start.label == label then return start end end
  error(format("%s: %s was never started", name, label), 3)
end

-- The first job of one workflow had ended when that of the other was made.
function test.before(night, first, second)
  is_night(night, "test.before")
  are_labels({ first, second }, "test.before", 2)
  local a, b = job(night, first, "test.before"), job(night, second, "test.before")
  if not a.ended or a.ended > b.at then
    fail(format("%s was started %g s after the beginning, before %s had ended (%s)",
      second, b.at, first, a.ended and format("%g s", a.ended) or "it never did"))
  end
end

-- The first jobs of these workflows ran at the same time.
function test.together(night, ...)
  local labels = { ... }
  is_night(night, "test.together")
  are_labels(labels, "test.together", 2)
  local from, to = 0, huge
  for _, label in ipairs(labels) do
    local start = job(night, label, "test.together")
    from, to = most(from, start.at), least(to, start.ended or huge)
  end
  if from >= to then fail(concat(labels, ", ") .. " did not run at the same time") end
end

-- How the night ended: test.ended(night, { exit_code = 1, kind = "failed", label = "wf3", message = "Row 17" }).
function test.ended(night, expected)
  is_night(night, "test.ended")
  if type(expected) == "number" then expected = { exit_code = expected } end
  if type(expected) ~= "table" then fail("test.ended: an exit code or a table was expected second; got " .. kind(expected)) end
  local actual = {
    exit_code = night.exit_code, status = night.status, kind = night.error and night.error.kind,
    label = night.error and night.error.label, where = night.error and night.error.where, text = night.text,
  }
  for key, value in pairs(expected) do
    if key == "message" then
      local message = night.error and night.error.message or ""
      if not find(message, value, 1, true) then
        fail(format("the error's message\n  expected  … %s …\n  got       %s", value, message ~= "" and message or "no error"))
      end
    elseif actual[key] ~= value then
      local known = { exit_code = 1, status = 1, kind = 1, label = 1, where = 1, text = 1 }
      if not known[key] then fail(format("test.ended: %q is none of exit_code, status, kind, label, message, where, text", key)) end
      local why = night.error and " (" .. (night.error.where and night.error.where .. ": " or "") .. night.error.message .. ")"
        or night.status == "endless" and " (it had not ended after a week)" or night.refused and " (" .. concat(night.refused, " ") .. ")" or ""
      fail(format("%s of the night\n  expected  %s\n  got       %s%s", key, shown(value), shown(actual[key]), why))
    end
  end
end

local function contains(list, text, field)
  for _, entry in ipairs(list) do
    local value = field and entry[field] or entry
    if type(value) == "string" and find(value, text, 1, true) then return true end
  end
  return false
end

-- The script printed a line with that text.
function test.printed(night, text)
  is_night(night, "test.printed")
  if not contains(night.output, text) then
    fail(format("a line with %s was expected to be printed\n  printed   %s", shown(text), shown(night.output)))
  end
end

-- People were told something with that text.
function test.notified(night, text)
  is_night(night, "test.notified")
  if not contains(night.notices, text, "text") and not contains(night.notices, text, "title") then
    fail(format("people were expected to be told of %s\n  told      %s", shown(text), shown(night.notices)))
  end
end

return test
