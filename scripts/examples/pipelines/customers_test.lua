local test = require "baton.test"
local others = { duration = "10m" }

test.case("the load of the sales goes on", function()
  local night = test.run {
    "customers.lua", jobs = { ["load-sales"] = "RUNNING" },
    scenario = { workflows = { ["load-sales"] = { duration = "30m" } }, others = others },
  }
  test.ended(night, 0)
  test.started(night, { "build-customers", "publish-customers" })
  test.check(night.started[1].at >= 25 * 60, "built before the sales were loaded")
end)

test.case("the load of the sales failed", function()
  local night = test.run {
    "customers.lua", jobs = { ["load-sales"] = "FAILED" }, scenario = { others = others },
  }
  test.ended(night, { exit_code = 1, kind = "failed" })
  test.equal(#night.started, 0)
end)

test.case("there is no load of the sales", function()
  local night = test.run { "customers.lua", scenario = { others = others } }
  test.ended(night, { exit_code = 7, kind = "timeout" })
  test.equal(#night.started, 0)
end)

test.case("whenever the process dies, the customers are built once", function()
  local night = test.run {
    "customers.lua", jobs = { ["load-sales"] = "RUNNING" }, crashes = "everywhere",
    scenario = { workflows = { ["load-sales"] = { duration = "30m" } }, others = others },
  }
  test.ended(night, 0)
  test.started(night, { "build-customers", "publish-customers" })
end)
