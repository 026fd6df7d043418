-- Starts a load again when its job FAILED, twice at most, with a pause before each new start. For a source that is
-- sometimes busy. Only FAILED counts: a label that the server does not know ends the run at once.

phase "load"
local load = execute {
  param("workflow", "load"),
  retries = 2,
  retry_delay = "50ms",   -- of a real load: "5m"
}
if load.attempts > 1 then print("loaded at start number " .. load.attempts) end

phase "publish"
execute "publish"
