-- The part of the script library that is written in Lua. Returns the metatables of errors, results and chains.

local host = host
_G.host = nil

-- Scripts may give these names another meaning, and everything here must keep its own: no function below uses a global, nor
-- a method of a string.
local tostring, tonumber, type, setmetatable, select, error, pcall = tostring, tonumber, type, setmetatable, select, error, pcall
local pairs, ipairs, next = pairs, ipairs, next
local concat, pack, unpack = table.concat, table.pack, table.unpack
local format, match = string.format, string.match
local number_type, tointeger, least, most = math.type, math.tointeger, math.min, math.max

-- Errors -------------------------------------------------------------------------------------------------------------

local error_metatable = { __name = "error" }

function error_metatable.__tostring(e)
  local text = tostring(e.message)
  if e.where then text = e.where .. ": " .. text end
  if e.running == true then
    text = text .. (e.job_id and format(" (job %s may still run)", e.job_id) or " (its jobs may still run)")
  end
  return text
end

function error_metatable.__concat(a, b)
  return tostring(a) .. tostring(b)
end

-- Results ------------------------------------------------------------------------------------------------------------

local result_metatable = { __name = "result" }

function result_metatable.__tostring(r)
  local duration = r.duration and format(" in %.1f s", r.duration) or ""
  return format("%s: %s%s (job %s)", tostring(r.label), tostring(r.state), duration, tostring(r.job_id))
end

function result_metatable.__call(r)
  error(format('execute "%s" { … } calls the result: write execute { "%s", … }', r.label, r.label), 2)
end

-- Chains -------------------------------------------------------------------------------------------------------------

local chain_metatable = { __name = "chain" }

function chain_metatable.__index(_, key)
  error("a chain has no results before it has run: local results = wait(chain { … })", 2)
end

function chain_metatable.__tostring(c)
  return "chain"
end

function chain(...)
  local items = ...
  if select("#", ...) ~= 1 or type(items) ~= "table" then
    error("chain: one table of items was expected: chain { item, … }", 2)
  end
  return setmetatable({ id = host.chain(), items = items }, chain_metatable)
end

-- Other servers ------------------------------------------------------------------------------------------------------

local execute, start, state, studio = execute, start, state, studio

-- The functions of another configured server. They end in tail calls, so that errors name the line of the script.
function server(name)
  host.server(name)

  local function with(options)
    if options ~= nil and type(options) ~= "table" then return options end
    local copy = { server = name }
    for key, value in pairs(options or {}) do copy[key] = value end
    return copy
  end

  local function step(call)
    return function(first, options)
      if type(first) == "table" and options == nil then return call(with(first)) end
      return call(first, with(options))
    end
  end

  local function question(call)
    return function(first, options)
      if first == nil or (type(first) == "table" and options == nil) then return call(with(first)) end
      return call(first, with(options))
    end
  end

  local bound = { name = name, execute = step(execute), start = step(start), studio = {} }
  function bound.state(what)
    if type(what) ~= "string" then return state(what) end
    return state(what, { server = name })
  end
  for key, call in pairs(studio) do bound.studio[key] = question(call) end
  return bound
end

-- Output -------------------------------------------------------------------------------------------------------------

local function line(...)
  local parts = pack(...)
  for i = 1, parts.n do parts[i] = tostring(parts[i]) end
  return concat(parts, "\t", 1, parts.n)
end

log = {}
for _, level in ipairs { "debug", "info", "warn", "error" } do
  local write = host["log_" .. level]
  log[level] = function(...) write(line(...)) end
end

-- The run and its parameters ------------------------------------------------------------------------------------------

local given = host.parameters

params = setmetatable({}, {
  __index = function(_, name)
    local text = given[name]
    if text == nil then error(format("params.%s was not given: --param %s=…", tostring(name), tostring(name)), 2) end
    return text
  end,
  __newindex = function() error("params cannot be changed", 2) end,
  __pairs = function() return next, given, nil end,
  __metatable = false,
})

-- The parameter, converted to the type of the default.
function param(name, default)
  if type(name) ~= "string" then error("param: a name was expected; got " .. tostring(name), 2) end
  local text = given[name]
  if text == nil then
    if default == nil then error(format("param: %s was not given: --param %s=…", name, name), 2) end
    return default
  end
  local kind = type(default)
  if kind == "number" then
    local number = tonumber(text)
    if not number then error(format("param: %s is a number; got %q", name, text), 2) end
    return number
  elseif kind == "boolean" then
    if text == "true" then return true elseif text == "false" then return false end
    error(format("param: %s is true or false; got %q", name, text), 2)
  end
  return text
end

-- Parts of a run -----------------------------------------------------------------------------------------------------

local restart, part_state = restart_with, host.part_state
local encode, decode = json.encode, json.decode

-- Ends this part of the run, and begins the next with the state.
function restart_with(state)
  if state == nil then error("restart_with: a state was expected; got nil", 2) end
  local ok, text = pcall(encode, state)
  if not ok then error("restart_with: " .. tostring(text), 2) end
  return restart(text)
end

-- What the part before has handed over; nil in the first.
function restarted()
  local text = part_state()
  if text == nil then return nil end
  return decode(text)
end

-- Doing it again ------------------------------------------------------------------------------------------------------

local call, wait_again, sleep, seconds, now = retry, host.wait_again, sleep, seconds, now
local kinds = {}
for _, kind in ipairs(host.error_kinds) do kinds[kind] = true end

local function checked(name, options, known)
  if type(options) ~= "table" then error(format("%s: a table of options was expected; got %s", name, type(options)), 3) end
  for key in pairs(options) do
    if not known[key] then error(format("%s: unknown option %q", name, tostring(key)), 3) end
  end
  return options
end

-- Lua's own error says what is wrong with a duration; here it is about an option of that name.
local function duration(name, option, value, default)
  if value == nil then value = default end
  local ok, result = pcall(seconds, value)
  if not ok then error(format("%s: %s: %s", name, option, result.message or tostring(result)), 3) end
  return result
end

-- Calls again after an error of these kinds, if nothing may be running.
function retry(options, fn, ...)
  options = checked("retry", options, { times = 1, delay = 1, backoff = 1, max_delay = 1, on = 1 })
  if type(fn) ~= "function" then error("retry: a function was expected second; got " .. type(fn), 2) end
  local times, backoff = options.times or 3, options.backoff or 1
  times = number_type(times) and tointeger(times)
  if not times or times < 1 then error("retry: times is a whole number from 1 on", 2) end
  if type(backoff) ~= "number" or backoff < 1 then error("retry: backoff is a number from 1 on", 2) end
  local delay = duration("retry", "delay", options.delay, 30)
  local longest = duration("retry", "max_delay", options.max_delay, "1d")
  local on = {}
  for _, kind in ipairs(type(options.on) == "table" and options.on or { options.on or "failed" }) do
    if not kinds[kind] then error(format("retry: on takes kinds of errors; got %q", tostring(kind)), 2) end
    on[kind] = true
  end

  local attempt = pack(call, fn, ...)
  for count = 1, times do
    local results = pack(attempt[1](unpack(attempt, 2, attempt.n)))
    if results[1] then return unpack(results, 2, results.n) end
    local problem, runs = results[2], results[3]
    local is_ours = type(problem) == "table" and kinds[problem.kind]
    local kind = is_ours and problem.kind or "script"
    if count == times or not on[kind] or (runs and not (kind == "timeout" and problem.running == true and problem.job_id)) then
      error(problem, 0)
    end
    local text = is_ours and problem.message or tostring(problem)
    if runs then
      host.log_warn(format("retry: call %d of %d: %s; its job is waited for again", count, times, text))
      attempt = pack(wait_again, problem.label, problem.job_id)
    else
      host.log_warn(format("retry: call %d of %d: %s; again in %g s", count, times, text, delay))
      sleep(delay)
      delay = least(delay * backoff, longest)
    end
  end
end

local within = wait_until

-- Calls until something true comes back.
function wait_until(fn, options)
  options = checked("wait_until", options or {}, { every = 1, timeout = 1 })
  if type(fn) ~= "function" then error("wait_until: a function was expected; got " .. type(fn), 2) end
  local every = duration("wait_until", "every", options.every, "1m")
  local function poll()
    while true do
      local results = pack(fn())
      if results[1] then return unpack(results, 1, results.n) end
      sleep(every)
    end
  end
  if options.timeout == nil then return poll() end
  return within(duration("wait_until", "timeout", options.timeout), poll)
end

-- Other runs -----------------------------------------------------------------------------------------------------------

local awaited, await, fail_with, inform = host.awaited_runs, wait_for_run, host.fail_with, log.info
local is_good = { succeeded = true, skipped = true }
local is_bad = { failed = true, check = true, timeout = true, cancelled = true }

-- Waits until the newest run that is meant has succeeded.
function wait_for_run(options)
  options = checked("wait_for_run", options, { script = 1, key = 1, date = 1, since = 1, timeout = 1, on_failed = 1, every = 1 })
  if type(options.script) ~= "string" then error("wait_for_run: script was expected, the path of the other script", 2) end
  local given = (options.key and 1 or 0) + (options.date and 1 or 0) + (options.since and 1 or 0)
  if given ~= 1 then error("wait_for_run: one of key, date and since was expected: any run would do otherwise", 2) end
  local on_failed = options.on_failed or "raise"
  if on_failed ~= "raise" and on_failed ~= "wait" then error('wait_for_run: on_failed is "raise" or "wait"', 2) end
  local every = duration("wait_for_run", "every", options.every, 30)
  local timeout = duration("wait_for_run", "timeout", options.timeout, "1d")
  local wanted = { script = options.script, key = options.key, date = options.date, since = options.since, limit = 100 }
  local which = options.key and " with the key " .. tostring(options.key) or options.date and " for " .. tostring(options.date) or ""
  local title = "a run of " .. options.script .. which
  local reported
  local found = await(timeout, function()
    while true do
      local text = "waits for " .. title
      for _, one in ipairs(awaited(wanted)) do
        if is_good[one.state] or on_failed == "raise" and is_bad[one.state] then return one end
        if one.state ~= "abandoned" then
          text = format("%s: run %s is %s", text, one.id, one.state)
          break
        end
      end
      if text ~= reported then inform(text) end
      reported = text
      sleep(every)
    end
  end, title)
  if is_bad[found.state] then return fail_with("failed", format("wait_for_run: run %s of %s: %s", found.id, found.script, found.state)) end
  return found
end

-- Time ---------------------------------------------------------------------------------------------------------------

local time, date = os.time, os.date
os.clock = host.elapsed

run = setmetatable({}, {
  __index = host.run, __newindex = function() error("run cannot be changed", 2) end, __metatable = false,
})
host.run.date = host.run.date or date("%Y-%m-%d", host.run.started)

local by = deadline

-- The moment that a text means: a time of the day is the first such after the run began.
local function moment(text)
  local year, month, day, hour, minute
  if type(text) == "string" then
    hour, minute = match(text, "^(%d%d?):(%d%d)$")
    if not hour then year, month, day, hour, minute = match(text, "^(%d%d%d%d)-(%d%d)-(%d%d)[ T](%d%d?):(%d%d)$") end
  end
  hour, minute = tointeger(hour), tointeger(minute)
  if not hour or hour > 23 or minute > 59 then
    error("deadline: a time such as \"06:00\" or \"2026-12-25 06:00\" was expected; got " .. tostring(text), 3)
  end
  if year then
    local at = { year = year, month = month, day = day, hour = hour, min = minute }
    local result = time(at)
    if at.day ~= tointeger(day) or at.month ~= tointeger(month) then error("deadline: there is no such day: " .. text, 3) end
    return result
  end
  local today = date("*t", host.run.started)
  local at = { year = today.year, month = today.month, day = today.day, hour = hour, min = minute }
  local result = time(at)
  if result <= host.run.started then
    result = time { year = today.year, month = today.month, day = today.day + 1, hour = hour, min = minute }
  end
  return result
end

-- Raises timeout if the function is not done by then.
function deadline(at, fn, ...)
  return by(most(0, moment(at) - now()), at, fn, ...)
end

return error_metatable, result_metatable, chain_metatable
