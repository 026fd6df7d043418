-- One chain across two servers: tried on staging first, then done on production, which is the run's own server. For
-- changes that have to prove themselves before the real data is touched. Both servers stand in baton.yaml beside it.

local staging = server "staging"

phase "try on staging"
local trial = staging.execute { "check-rules", timeout = "1h" }
print(staging.name .. ": " .. trial.state)

phase "production"
execute "match"

phase "publish on both"
parallel {
  "publish",
  { "publish-test", server = "staging" },   -- the same in an item
}
