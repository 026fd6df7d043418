-- print: `__tostring` may wait, and the line goes where the host says.

local output, tostring, select, concat = output, tostring, select, table.concat
_G.output = nil

function print(...)
  local count = select("#", ...)
  if count == 1 then
    output((tostring((...))))
    return
  end
  local parts = { ... }
  for i = 1, count do parts[i] = tostring(parts[i]) end
  output(concat(parts, "\t", 1, count))
end
