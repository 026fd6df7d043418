-- The part of table.sort that calls functions: in Lua, so that they may wait. A stable merge sort.
-- What is there makes the function that checks arguments, sorts numbers and strings in C, and calls this for the rest.

local bind = table.sort
local error = error
local RUN <const> = 12

local function sort_range(list, first, last, lt, spare)
  if last - first < RUN then
    for i = first + 1, last do
      local value, j = list[i], i - 1
      local other = list[j]
      if lt(value, other) then
        repeat
          list[j + 1] = other
          j = j - 1
          other = list[j]
        until j < first or not lt(value, other)
        list[j + 1] = value
      end
    end
    return
  end

  local middle = (first + last) // 2
  sort_range(list, first, middle, lt, spare)
  sort_range(list, middle + 1, last, lt, spare)
  local right, r = list[middle + 1], middle + 1
  if not lt(right, list[middle]) then return end

  -- Merges: the left half from `spare`, the right one from where it is.
  local lefts = middle - first + 1
  for i = 1, lefts do spare[i] = list[first + i - 1] end
  local left, l, to = spare[1], 1, first
  while true do
    if lt(right, left) then
      list[to], r, to = right, r + 1, to + 1
      if r > last then break end
      right = list[r]
    else
      list[to], l, to = left, l + 1, to + 1
      if l > lefts then return end
      left = spare[l]
    end
  end
  for i = l, lefts do list[to + i - l] = spare[i] end
end

-- Sorts t[1] to t[n]. `list` has their values, unless `t` is not `raw`: then it is empty. `given`: the comparator is
-- the script's own. All work is done on the list: when the comparator raises, the table is as it was.
table.sort = bind(function(list, n, lt, given, t, raw)
  if not raw then
    for i = 1, n do list[i] = t[i] end
  end
  -- Level 3: this function was called by table.sort, which was called by the script.
  if given and lt(list[1], list[1]) then error("invalid order function for sorting", 3) end
  sort_range(list, 1, n, lt, n > RUN and {})
  for i = 1, n do t[i] = list[i] end
end)
