-- The nightly load: each line waits for what it starts; what stands in one parallel runs at the same time.

phase "load"
execute "wf1"

phase "standardise"
parallel { "wf2", "wf3", "wf4" }

phase "match"
parallel { "wf5", "wf6" }

phase "publish"
execute "wf7"
