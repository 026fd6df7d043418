-- Loads a dataset anew once, then runs the workflows that read it, two at a time. For several workflows on the same
-- large source: refresh = false keeps each of them from loading it again, limit spares the server.

phase "refresh"
studio.refresh_dataset "customers"   -- goes on when it has been loaded

phase "match"
parallel {
  "match-names",
  "match-addresses",
  "find-duplicates",
  "count-rows",
  limit = 2,
  refresh = false,
}

phase "publish"
execute { "publish", refresh = false }
