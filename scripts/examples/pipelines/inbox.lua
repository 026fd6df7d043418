-- Waits until the supplier has put the marker that says that all files of the day are there, then loads each
-- file by itself, three at a time. A supplier without a delivery by the end of the wait is no failure: then
-- there is nothing to do. One bad file stops no other, but nothing is merged before all are loaded.
local folder = "/data/in/" .. run.date
local ok, problem = pcall(wait_until, function()
  return file.stat(folder .. "/COMPLETE")
end, { every = "5m", timeout = "3h" })
if not ok then
  if problem.kind ~= "timeout" then error(problem) end
  skip("no delivery on " .. run.date)
end

phase "load"
local files = file.list(folder .. "/*.csv")
expect(#files > 0, "the delivery has no files")
parallel_each(files, function(delivered)
  execute { "load-file", name = "load " .. delivered.name, params = { path = delivered.path } }
end, { limit = 3, on_failure = "continue" })

phase "merge"
execute "merge"
