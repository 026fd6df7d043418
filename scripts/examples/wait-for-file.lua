-- Waits until a dataset has been loaded today, and then goes on. For a file that comes when it comes, and that Data
-- Studio loads by itself. Without a server no file comes: --param rehearse=true loads the dataset after a moment.

local rehearse = param("rehearse", false)
if rehearse then
  spawn(function()
    sleep "100ms"
    studio.refresh_dataset "orders"
  end)
end

phase "wait for the file"
local orders = wait_until(function()
  local dataset = studio.dataset "orders"
  if not dataset.refreshed then return false end   -- never, or it is being loaded
  return os.date("%Y-%m-%d", dataset.refreshed) == run.date and dataset
end, { every = rehearse and "50ms" or "5m", timeout = param("timeout", "3h") })
print("orders came at " .. os.date("%H:%M", orders.refreshed))

phase "match"
execute { "match", refresh = false }
