local test = require "baton.test"
local others = { duration = "10m" }
local month_end = "2026-12-30 20:00"       -- the 31st is a holiday

test.case("the last working day of the month", function()
  local night = test.run { "monthend.lua", at = month_end, scenario = { others = others } }
  test.ended(night, 0)
  test.started(night, {
    "load-postings", "load-rates", { "close-month", params = { month = "2026-12" } }, "reports",
  })
end)

test.case("an ordinary day, and a Sunday", function()
  local ordinary = test.run { "monthend.lua", at = "2026-12-15 20:00", scenario = { others = others } }
  test.started(ordinary, { "load-postings", "reports" })
  local sunday = test.run { "monthend.lua", at = "2026-12-20 20:00" }
  test.ended(sunday, { exit_code = 0, status = "skipped" })
end)

test.case("the rates are late: yesterday's are taken", function()
  local night = test.run {
    "monthend.lua", at = month_end,
    scenario = {
      operations = { "cancelJob" }, workflows = { ["load-rates"] = { duration = "5h" } }, others = others,
    },
  }
  test.ended(night, 0)
  test.started(night, { "load-postings", "load-rates", "use-old-rates", "close-month", "reports" })
  test.equal(night.started[2].state, "CANCELLED")
  test.notified(night, "Yesterday's rates")
end)

test.case("the rates fail twice, and the process dies wherever it can", function()
  local night = test.run {
    "monthend.lua", at = month_end, crashes = "everywhere",
    scenario = { workflows = { ["load-rates"] = { failures = 2, duration = "5m" } }, others = others },
  }
  test.ended(night, 0)
  test.started(night, { "load-postings", "load-rates", "load-rates", "load-rates", "close-month", "reports" })
end)
