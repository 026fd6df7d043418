-- The same workflow for every region, four at a time; what failed is reported, the rest goes on.

local regions = { "north", "south", "east", "west", "centre" }

phase "regions"
local results = parallel_each(regions, function(region)
  return execute { "standardise", name = "standardise " .. region, params = { region = region } }
end, { limit = 4, on_failure = "collect" })

for _, failure in ipairs(results.failed) do
  log.warn(failure.name .. ": " .. failure.error.message)
end

phase "publish"
execute "publish"
