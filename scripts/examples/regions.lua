-- The same workflow for every region, four at a time; what failed is reported, the rest goes on. Other regions:
-- --param regions=north,south

local regions = {}
for region in param("regions", "north,south,east,west,centre"):gmatch "[^,]+" do regions[#regions + 1] = region end

phase "regions"
local results = parallel_each(regions, function(region)
  return execute { "standardise", name = "standardise " .. region, params = { region = region } }
end, { limit = 4, on_failure = "collect" })

for _, failure in ipairs(results.failed) do
  log.warn(failure.name .. ": " .. failure.error.message)
end

phase "publish"
execute "publish"
