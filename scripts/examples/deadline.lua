-- Has to be done by 06:00, the first one after the run began. If it is not, people are told, and yesterday's figures
-- are published. Jobs that still run then are left running, and listed at the end.

local by = param("by", "06:00")

local ok, problem = pcall(deadline, by, function()
  phase "load"
  execute "load"
  phase "match"
  parallel { "match-customers", "match-orders" }
  phase "publish"
  execute "publish"
end)

if not ok then
  if problem.kind ~= "timeout" then error(problem) end
  phase "publish yesterday's"
  notify { title = "The figures are not done by " .. by, text = problem.message, level = "error" }
  execute "publish-yesterday"
end
