-- Runs a proven workflow when the new one FAILED, and tells people. Only FAILED is a reason to fall back: anything
-- else, such as an unknown label or a job that somebody cancelled, is raised again and ends the run.

local model = param("model", "score-new")

phase "score"
local ok, problem = pcall(execute, model)
if not ok then
  if problem.kind ~= "failed" then error(problem) end
  notify { title = model .. " failed", text = "score-old takes its place: " .. problem.message, level = "warn" }
  execute "score-old"
end

phase "publish"
execute "publish"
