-- require: modules are text that the host finds by name, and each runs once. A module may wait while it runs.

local find, load, error, type, setmetatable, format = module, load, error, type, setmetatable, string.format
_G.module = nil

local loaded = {}
for _, name in ipairs { "string", "table", "math", "utf8", "coroutine", "os", "debug" } do loaded[name] = _G[name] end
local loading = {}

function require(name)
  if type(name) ~= "string" then
    error(format("bad argument #1 to 'require' (string expected, got %s)", type(name)), 2)
  end
  local value = loaded[name]
  if value == loading then
    error(format("module '%s' requires itself, directly or through others, or another task is loading it", name), 2)
  end
  if value ~= nil then return value end
  local text, file = find(name)
  if text == nil then error(file, 2) end
  local run, message = load(text, "@" .. file, "t")
  if run == nil then error(format("module '%s' does not parse: %s", name, message), 2) end
  loaded[name] = loading
  local guard <close> = setmetatable({}, {
    __close = function() if loaded[name] == loading then loaded[name] = nil end end,
  })
  value = run(name, file)
  if value == nil then value = true end
  loaded[name] = value
  return value
end
