-- Runs every evening. On a day that is no working day there is nothing to do. On the last working day of the
-- month the books are closed before the reports are made. That needs the exchange rates: their load is tried
-- three times, and must end by 23:00. If it does not, people are told, and the rates of the day before are
-- taken.
local holidays = { "2026-12-25", "2026-12-31", "2027-01-01" }
if not date.is_workday(run.date, holidays) then skip(run.date .. " is no working day") end

phase "daily"
execute "load-postings"

local next_workday = date.add(run.date, 1, "workdays", holidays)
if date.first_of_month(next_workday) ~= date.first_of_month(run.date) then
  phase "month end"
  local ok, problem = pcall(deadline, "23:00", function()
    execute { "load-rates", retries = 2, retry_delay = "10m", on_timeout = "cancel" }
  end)
  if not ok then
    notify { title = "Yesterday's rates are taken", text = tostring(problem), level = "warn" }
    execute "use-old-rates"
  end
  execute { "close-month", params = { month = date.format(run.date, "%Y-%m") } }
end

phase "reports"
execute "reports"
