-- Stops when a load ends too soon. A load that is COMPLETED after a moment has mostly found nothing to load, and what
-- follows must not run on that. The run ends with exit code 3; on a day with little data, allow it: --param min=0s

phase "load"
parallel {
  { "load", min = param("min", "50ms") },                 -- of a real load: "10m"
  { "load-rates", min = "50ms", on_check = "warn" },      -- of less weight: told, and the run goes on
}

phase "publish"
execute "publish"
