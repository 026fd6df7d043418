-- The part of the script library that is written in Lua. Returns the metatables of errors, results and chains.

local host = host
_G.host = nil

local tostring, setmetatable, select, error = tostring, setmetatable, select, error
local concat, pack = table.concat, table.pack

-- Errors -------------------------------------------------------------------------------------------------------------

local error_metatable = { __name = "error" }

function error_metatable.__tostring(e)
  local text = tostring(e.message)
  if e.where then text = e.where .. ": " .. text end
  if e.running == true then
    text = text .. (e.job_id and (" (job %s may still run)"):format(e.job_id) or " (its jobs may still run)")
  end
  return text
end

function error_metatable.__concat(a, b)
  return tostring(a) .. tostring(b)
end

-- Results ------------------------------------------------------------------------------------------------------------

local result_metatable = { __name = "result" }

function result_metatable.__tostring(r)
  local duration = r.duration and (" in %.1f s"):format(r.duration) or ""
  return ("%s: %s%s (job %s)"):format(tostring(r.label), tostring(r.state), duration, tostring(r.job_id))
end

function result_metatable.__call(r)
  error(('execute "%s" { … } calls the result: write execute { "%s", … }'):format(r.label, r.label), 2)
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

-- Time ---------------------------------------------------------------------------------------------------------------

local now, time, date = now, os.time, os.date
os.time = function(fields)
  if fields == nil then return now() end
  return time(fields)
end
os.date = function(format, at) return date(format, at or now()) end
os.clock = host.elapsed

return error_metatable, result_metatable, chain_metatable
