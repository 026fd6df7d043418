-- Builds the figures, asks a person whether they may go out, and gives everybody twenty minutes to object
-- before they do. Without an answer within eight hours, nothing goes out. Figures that did not go out are
-- withdrawn, so a retry builds them again before it asks again.
finally(function(ending)
  if not ending.ok then execute "withdraw" end
end, { timeout = "1h", undoes = true })

execute "build"
local decision = approve("release of " .. run.date, { timeout = "8h" })
notify("Released by " .. decision.by .. " in 20 minutes; baton cancel stops it.")
sleep("20m")
execute "release"
