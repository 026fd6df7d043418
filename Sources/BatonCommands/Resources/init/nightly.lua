-- The night: each line waits for what it starts; what stands in one parallel runs at the same time.
-- Rehearse it without a server:  baton run --scenario nightly.scenario.yaml nightly.lua

local region = param("region", "EU")

phase "load"
execute { "load", params = { region = region }, max = "2h" }

phase "standardise"
parallel { "standardise-names", "standardise-addresses" }

phase "publish"
execute { "publish", retries = 2, retry_delay = "1m" }
