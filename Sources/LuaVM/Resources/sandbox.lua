-- Takes away what a script must not have, and says so where one reaches for it.

local error, tostring, setmetatable, format = error, tostring, setmetatable, string.format

local function absent(name, instead)
  return function()
    error(name .. " is not available in scripts" .. (instead and ": " .. instead or ""), 2)
  end
end

local function only(library, name, instead)
  return setmetatable(library, {
    __index = function(_, key)
      error(format("%s.%s is not available in scripts%s", name, tostring(key), instead and ": " .. instead or ""), 2)
    end,
  })
end

os = only({ time = os.time, date = os.date, clock = os.clock, difftime = os.difftime }, "os")
debug = only({ traceback = debug.traceback }, "debug", "only debug.traceback is")
io = only({}, "io", "use print and log")
package = only({}, "package", "modules are text files")

dofile = absent("dofile")
loadfile = absent("loadfile")
string.dump = absent("string.dump", "scripts are text, never bytecode")

local collect = collectgarbage
function collectgarbage(option)
  if option ~= nil and option ~= "collect" then
    error(format("collectgarbage(%q) is not available in scripts", tostring(option)), 2)
  end
  return collect("collect")
end
