local test = require "baton.test"
local scenario = { others = { duration = "30m" } }

test.case("released twenty minutes after it was approved", function()
  local night = test.run { "release.lua", scenario = scenario, at = "2026-12-24 22:00" }
  test.ended(night, 0)
  test.started(night, { "build", "release" })
  test.check(night.started[2].at - night.started[1].ended >= 20 * 60)
  test.notified(night, "Released by")
end)

test.case("rejected: withdrawn, not released", function()
  local night = test.run {
    "release.lua", scenario = scenario, at = "2026-12-24 22:00",
    approvals = { ["release of 2026-12-24"] = "reject" },
  }
  test.ended(night, { exit_code = 1, kind = "rejected" })
  test.started(night, { "build", "withdraw" })
end)

test.case("somebody objects in the twenty minutes", function()
  local night = test.run { "release.lua", scenario = scenario, cancel_at = "40m" }
  test.ended(night, { status = "cancelled" })
  test.started(night, { "build", "withdraw" })
end)

test.case("released once, whenever the process dies", function()
  local night = test.run { "release.lua", scenario = scenario, crashes = "everywhere" }
  test.ended(night, 0)
  test.started(night, { "build", "release" })
end)
