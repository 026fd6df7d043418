-- Two chains side by side: in each, one workflow follows the other, and neither chain waits for the other. For loads
-- that meet only at the end: in phases, the quick one would wait for the slow one after every step.

phase "load and match"
parallel {
  chain { "load-customers", "match-customers" },
  chain { "load-orders", { "match-orders", timeout = "3h" } },
}

phase "publish"
execute "publish"
