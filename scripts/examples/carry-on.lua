-- Loads what can be loaded, tells people what could not, and goes on. For sources that do not need each other. To leave
-- one out for a night: --param products=false

phase "load"
local results = parallel {
  "load-customers",
  "load-orders",
  param("products", true) and "load-products",   -- false is left out
  on_failure = "collect",
}
for _, failure in ipairs(results.failed) do
  notify { title = failure.name .. " failed", text = failure.error.message, level = "warn" }
end
if not (results[1].ok and results[2].ok) then fail "nothing is published without customers and orders" end

phase "publish"
execute "publish"
