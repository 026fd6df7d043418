-- Does nothing on bank holidays, when no data comes. The run is skipped: exit code 0, and nobody is told of a failure.
-- Another day than today, to catch up or to try it: --param date=2026-12-25

local holidays = {
  ["2026-12-25"] = "Christmas Day",
  ["2026-12-26"] = "Boxing Day",
  ["2027-01-01"] = "New Year's Day",
}

local date = param("date", run.date)
if holidays[date] then skip(date .. " is " .. holidays[date]) end

phase "load"
execute { "load", params = { date = date } }

phase "publish"
execute "publish"
