-- Decides by what a finished job tells: how long it took, and what the server says of it. For a check whose findings
-- decide whether the data is published, repaired first, or kept back. Another feed: --param feed=orders

phase "check"
local check = execute("check-" .. param("feed", "customers"))
local message = check.details.message or ""   -- details: the job in the server's own words
local rejected = tonumber(message:match "(%d+) rows rejected") or 0
print(("%s: %s in %.2f s, %d rows rejected"):format(check.label, check.state, check.duration, rejected))

if check.duration < 0.05 then finish "there was nothing to check" end   -- of a real check: seconds "1m"
if rejected > 1000 then fail(rejected .. " rows were rejected, nothing is published") end

if rejected > 0 then
  phase "repair"
  execute { "repair", params = { rows = rejected } }
end

phase "publish"
execute "publish"
