-- Nights with nightly.lua, played in no time:  baton test

local test = require "baton.test"

test.case("all goes well", function()
  local night = test.run { "nightly.lua", scenario = "nightly.scenario.yaml" }
  test.ended(night, 0)
  test.started(night, { { "load", params = { region = "EU" } }, { "standardise-names", "standardise-addresses" }, "publish" })
end)

test.case("nothing is published when the load fails", function()
  local night = test.run {
    "nightly.lua",
    scenario = { others = { duration = "20m" }, workflows = { load = { outcome = "FAILED", message = "Row 17 has no key" } } },
  }
  test.ended(night, { exit_code = 1, kind = "failed", label = "load", message = "Row 17" })
  test.not_started(night, "publish")
end)

test.case("nothing is started twice, wherever the process dies", function()
  local night = test.run { "nightly.lua", scenario = { others = { duration = "20m" } }, crashes = "everywhere" }
  test.ended(night, 0)
  test.started(night, { "load", { "standardise-names", "standardise-addresses" }, "publish" })
end)
