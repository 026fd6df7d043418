local test = require "baton.test"

local function count(night, label)
  local n = 0
  for _, job in ipairs(night.started) do if job.label == label then n = n + 1 end end
  return n
end

test.case("all partitions, then the summary", function()
  local night = test.run { "partitions.lua", scenario = { others = { duration = "5m" } } }
  test.ended(night, 0)
  test.equal(count(night, "check"), 10)
  test.equal(count(night, "summarise"), 1)
  test.equal(night.started[11].params.complete, "true")
end)

test.case("the summary is made although two partitions failed, and the run fails", function()
  local night = test.run {
    "partitions.lua",
    scenario = { workflows = { check = { failures = 2, duration = "5m" } }, others = { duration = "5m" } },
  }
  test.ended(night, { exit_code = 1, kind = "failed" })
  test.equal(count(night, "check"), 10)
  test.equal(night.started[11].label, "summarise")
  test.equal(night.started[11].params.complete, "false")
end)

test.case("no partition is started twice, whenever the process dies", function()
  local night = test.run {
    "partitions.lua", params = { partitions = "5" }, crashes = "everywhere",
    scenario = { others = { duration = "5m" } },
  }
  test.ended(night, 0)
  test.equal(count(night, "check"), 4)
  test.check(night.deaths > 0)
end)
