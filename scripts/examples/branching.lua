-- Branches on what happened: a check on the result, a failure that is answered, items of different kinds side by side.

phase "load"
local load = execute {
  "load",
  min = "10ms",
  check = function(result) return result.details.parameters ~= false, "no parameters" end,
}
print("loaded in " .. load.duration .. " s")

phase "score"
local ok, problem = pcall(execute, "score-new")
if not ok then
  print("falling back: " .. problem)
  execute "score-old"
end

phase "publish"
parallel {
  chain { "report", "mail" },
  function()
    local archive = start "archive"
    sleep(0.05)
    wait(archive)
  end,
  { "index", params = { region = "EU", year = 2026 }, timeout = "1h" },
}
