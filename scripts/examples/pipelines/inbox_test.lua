local test = require "baton.test"
local files = {
  ["/data/in/2026-12-24/COMPLETE"] = { size = 0 },
  ["/data/in/2026-12-24/a.csv"] = { size = 10 },
  ["/data/in/2026-12-24/b.csv"] = { size = 20 },
}
local at = "2026-12-24 05:00"

test.case("every file is loaded, then all are merged", function()
  local night = test.run { "inbox.lua", at = at, files = files, scenario = { others = { duration = "10m" } } }
  test.ended(night, 0)
  test.started(night, {
    { { "load-file", params = { path = "/data/in/2026-12-24/a.csv" } },
      { "load-file", params = { path = "/data/in/2026-12-24/b.csv" } } },
    "merge",
  })
end)

test.case("a bad file: the other is loaded, nothing is merged", function()
  local night = test.run {
    "inbox.lua", at = at, files = files,
    scenario = { workflows = { ["load-file"] = { failures = 1 } }, others = { duration = "10m" } },
  }
  test.ended(night, { exit_code = 1, kind = "failed" })
  test.started(night, { { "load-file", "load-file" } })
end)

test.case("no delivery is no failure", function()
  local night = test.run { "inbox.lua", at = at }
  test.ended(night, { exit_code = 0, status = "skipped", text = "no delivery on 2026-12-24" })
end)

test.case("no file is loaded twice, whenever the process dies", function()
  local night = test.run {
    "inbox.lua", at = at, files = files, crashes = "everywhere", scenario = { others = { duration = "10m" } },
  }
  test.ended(night, 0)
  test.started(night, { { "load-file", "load-file" }, "merge" })
end)
