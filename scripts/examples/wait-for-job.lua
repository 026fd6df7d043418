-- Waits for a job that somebody else starts, a colleague or a schedule of the server, and goes on with what it made.
-- Without a server nobody else is there: --param rehearse=true executes the schedule itself.

local rehearse = param("rehearse", false)
if rehearse then studio.execute_schedule "evening" end

phase "wait for the extract"
local since = run.started - seconds "12h"   -- an older job is last night's
local extract = wait_until(function()
  local _, job = state "extract"            -- its most recent job, whoever started it
  return job and job.finished and job.finished >= since and job
end, { every = rehearse and "50ms" or "1m", timeout = param("timeout", "3h") })
if extract.state ~= "COMPLETED" then fail("the extract is " .. extract.state) end

phase "match"
execute { "match", if_running = "wait" }    -- if somebody runs this one as well: after theirs
