-- Builds the table of customers, which needs the sales of the same day. Something else loads the sales: this
-- script waits for that load, whether it has ended, goes on or has not begun, two hours for its beginning and
-- two for its end. A load that failed ends the wait at once.
local midnight = date.at(run.date, "00:00")

phase "wait for the sales"
local load = wait_until(function()
  return studio.jobs { label = "load-sales", since = midnight, limit = 1 }[1]
end, { every = "1m", timeout = "2h" })
wait(load, "2h")

phase "customers"
execute { "build-customers", params = { day = run.date } }
execute "publish-customers"
