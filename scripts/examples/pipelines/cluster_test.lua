local test = require "baton.test"
local scenario = { others = { duration = "10m" } }

test.case("the cluster is gone before the report", function()
  local night = test.run { "cluster.lua", scenario = scenario }
  test.ended(night, 0)
  test.started(night, { { "create-cluster", params = { size = "4" } }, "score", "drop-cluster", "report" })
  test.notified(night, "Scored.")
end)

test.case("a score that fails leaves no cluster", function()
  local night = test.run {
    "cluster.lua",
    scenario = {
      workflows = { score = { outcome = "FAILED", message = "No memory" } },
      others = { duration = "10m" },
    },
  }
  test.ended(night, { exit_code = 1, kind = "failed", label = "score", message = "No memory" })
  test.started(night, { "create-cluster", "score", "drop-cluster" })
  test.notified(night, "Scoring failed")
end)

test.case("a run that is cancelled leaves no cluster", function()
  local night = test.run { "cluster.lua", scenario = scenario, cancel_at = "15m" }
  test.ended(night, { status = "cancelled" })
  test.started(night, { "create-cluster", "score", "drop-cluster" })
end)

test.case("one cluster is made and one dropped, whenever the process dies", function()
  local night = test.run { "cluster.lua", crashes = "everywhere", scenario = scenario }
  test.ended(night, 0)
  test.started(night, { "create-cluster", "score", "drop-cluster", "report" })
end)
