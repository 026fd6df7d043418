-- Random calls of string.find, match, gmatch, gsub and rep. Prints a digest of all results for every thousand cases: both
-- interpreters must print the same. Arguments: the seed and the number of cases.
local char, byte, concat, format = string.char, string.byte, table.concat, string.format
local pack, unpack, select, type, tostring = table.pack, table.unpack, select, type, tostring
local stock = string

local seed, count = math.tointeger(tonumber((...))), math.tointeger(tonumber((select(2, ...))))
do
  local state = (seed * 2654435761 + 88172645463325252) | 1
  local function random(n)
    state = state ~ (state << 13)
    state = state ~ (state >> 7)
    state = state ~ (state << 17)
    return ((state >> 11) % n) + 1
  end
  local function pick(list) return list[random(#list)] end

  local letters = {"a", "b", "a", "b", "c", "1", "2", " ", "_", ".", "-", "(", ")", "[", "]", "%", "^", "$", "\0", "\n", "A",
    "\200", "\255", "x", "f", "z", "!"}
  local singles = {"a", "b", "a", "b", "1", ".", ".", "%a", "%d", "%s", "%w", "%A", "%D", "%S", "%W", "%p", "%P", "%c", "%g", "%l",
    "%u", "%U", "%x", "%X", "%z", "%Z", "%%", "%.", "%-", "%(", "%]", "%q", "%\200", "[ab]", "[^a]", "[a-c]", "[%a_]", "[%]]", "[]a]",
    "[^]]", "[^]a]", "[a-]", "[-a]", "[^-b]", "[%w.-]", "[a-%z]", "[x-%%]", "[%a-z]", "[--b]", "[^%s]", "[%S%s]", "[^%A1]",
    "[\0-a]", "[b-a]", "[\200-\255]", "[^\0]", "]", "^", "$", "\0", "_", " ", "-", "*"}
  local suffixes = {"", "", "", "", "*", "+", "-", "?", "*", "-"}
  local others = {"()", "%1", "%2", "%f[a]", "%f[%w]", "%f[^b]", "%f[%W]", "%f[\0]", "%b()", "%bab", "%baa", "%b\0a", "ab", "aab"}
  local raw = {"(", ")", "()", "%", "[", "]", "^", "$", "*", "+", "-", "?", "%b", "%f", "%f[", "[^", "[%", "[a", "%0", "%1", "%9", "a", "b", ".",
    "%a", "[ab]", "%w", "a-", ".-", "a*", ".*", "%b(", "[]", "[^]", "\0", "a", "b", "%f[a]", "1"}

  local function subject()
    local few = {}
    for i = 1, random(4) do few[i] = pick(letters) end
    local r = {}
    for i = 1, random(random(300) == 1 and 150 or random(4) == 1 and 24 or 10) - 1 do r[i] = pick(few) end
    return concat(r)
  end
  local function pattern()
    local kind, r, repeats = random(10), {}, 0
    if random(5) == 1 then r[1] = "^" end
    if kind <= 2 then
      for _ = 1, random(6) do
        local token = pick(raw)
        if token:find("[*+?-]") then repeats = repeats + 1 end
        if repeats <= 4 then r[#r + 1] = token end
      end
    else
      local open, total = 0, 0
      for _ = 1, random(7) do
        local what = random(12)
        if what == 1 then
          r[#r + 1], open, total = "(", open + 1, total + 1
        elseif what == 2 and open > 0 then
          r[#r + 1], open = ")", open - 1
        elseif what == 3 then
          r[#r + 1] = pick(others)
        else
          local suffix = pick(suffixes)
          if suffix ~= "" then repeats = repeats + 1 end
          r[#r + 1] = pick(singles) .. (repeats <= 4 and suffix or "")
        end
      end
      for _ = 1, open do if random(15) > 1 then r[#r + 1] = ")" end end
    end
    if random(6) == 1 then r[#r + 1] = "$" end
    if random(3000) == 1 then r[#r + 1] = stock.rep("()", 28 + random(6)) end
    if random(300) == 1 then r[#r + 1] = stock.rep(pick(singles), 60 + random(20)) end
    if random(2000) == 1 then table.insert(r, 1, stock.rep("a", 60 + random(20))) end
    return concat(r)
  end
  local function string_replacement()
    local r = {}
    for i = 1, random(5) - 1 do r[i] = pick {"x", "yy", "%1", "%0", "%2", "%%", "%1", "-", "\0", random(10) == 1 and "%" or "", random(10) == 1 and "%q" or "z", "%3"} end
    return concat(r)
  end
  local function argument(value)  -- now and then another type
    local kind = random(150)
    if kind == 1 then return 10 + random(200) elseif kind == 2 then return 1.5 elseif kind == 3 then return nil
    elseif kind == 4 then return true elseif kind == 5 then return {} end
    return value
  end
  local function index()
    local kind = random(40)
    if kind == 1 then return math.mininteger elseif kind == 2 then return math.maxinteger elseif kind == 3 then return "2"
    elseif kind == 4 then return 1.5 elseif kind == 5 then return 2.0 elseif kind == 6 then return "x" end
    return random(30) - 15
  end

  local function show(value)
    if type(value) == "string" then return format("%q", value) end
    if type(value) == "table" or type(value) == "function" then return type(value) end
    return tostring(value)
  end
  local function show_all(list)
    local r = {}
    for i = 1, list.n do r[i] = show(list[i]) end
    return concat(r, ", ")
  end

  -- Values that a replacement function or table gives, by a hash of what it is asked.
  local values = {"v", "long value", "", 7, 1.5, false, false}
  local odd = {true, {}, print}
  local function value(salt, key)
    local hash = salt
    for i = 1, #key do hash = (hash * 31 + byte(key, i)) % 1000003 end
    if hash % 97 == 0 then return odd[hash % 3 + 1] end
    if hash % 89 == 0 then error("raised " .. key, 2) end
    if hash % 5 == 0 then return nil end
    return values[hash % #values + 1]
  end
  local function replacement()
    local kind, salt = random(8), random(1000)
    if kind <= 3 then return function() return argument(string_replacement()) end, true end
    if kind <= 5 then
      return function(log)
        return function(...)
          local key = show_all(pack(...))
          log[#log + 1] = key
          return value(salt, key)
        end
      end
    end
    if kind == 6 then
      return function() return {a = "A", b = "<%1>", ab = 12, [1] = "one", [2] = false, aa = true, c = {}, [""] = "e"} end
    end
    if kind == 7 then
      return function(log)
        return setmetatable({a = "A", b = false}, {__index = function(_, key)
          log[#log + 1] = show(key)
          return value(salt, show(key))
        end})
      end
    end
    return function()
      return setmetatable({}, {__index = setmetatable({a = "A"}, {__index = {b = 3, [1] = "first"}})})
    end
  end

  local function case()
    local kind, s, p = random(11), argument(subject()), argument(pattern())
    if kind <= 3 then
      local init, plain = random(2) == 1 and index() or nil, random(8) == 1
      if random(20) == 1 and type(s) == "string" and type(p) == "string" then
        s = s .. p .. s
      end
      return "find", s, p, function(lib) return pack(lib.find(s, p, init, plain)) end, show(init) .. ", " .. tostring(plain)
    elseif kind <= 5 then
      local init = random(2) == 1 and index() or nil
      return "match", s, p, function(lib) return pack(lib.match(s, p, init)) end, show(init)
    elseif kind <= 7 then
      local init = random(3) == 1 and index() or nil
      return "gmatch", s, p, function(lib)
        local iterator, all = lib.gmatch(s, p, init), {n = 0}
        for _ = 1, 40 do
          local r = pack(iterator())
          all.n = all.n + 1
          all[all.n] = show_all(r)
          if r.n == 0 and all.n > 1 then break end
        end
        return all
      end, show(init)
    elseif kind <= 10 or random(4) > 1 then
      local make, is_string = replacement()
      local max = random(4) == 1 and index() or nil
      local text = is_string and make()
      return "gsub", s, p, function(lib)
        local log = {}
        local repl = text
        if not is_string then repl = make(log) end
        local r = pack(pcall(function()
          local a, b = lib.gsub(s, p, repl, max)
          return a, b
        end))
        r[r.n + 1], r.n = concat(log, ";"), r.n + 1
        return r
      end, (is_string and show(text) or "values") .. ", " .. show(max)
    else
      local n, separator = random(3) == 1 and index() or random(6) - 2, argument(random(2) == 1 and subject() or nil)
      if type(n) == "number" and n > 100 and (s == "" or not s) then n = 3 end
      if n == "x" then n = nil end
      return "rep", s, n, function(lib) return pack(lib.rep(s, n, separator)) end, show(separator)
    end
  end

  local digest = 0
  for i = 1, count do
    local name, s, p, run, rest = case()
    local ok, result = pcall(run, string)
    local text = ok and show_all(result) or show(result)
    for j = 1, #text do digest = (digest * 31 + byte(text, j)) & 0xFFFFFFFFFFFF end
    digest = digest ~ i
    if i % 1000 == 0 or i == count then print(i, digest) end
  end
end
