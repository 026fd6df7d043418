-- Makes a cluster of machines, runs the scoring on it, and takes the cluster away again, whatever came of the
-- scoring: nobody pays for machines that were forgotten. People are told how it ended. As the cluster is gone
-- by then, a retry makes it again before it scores.
phase("scoring", function()
  finally(function(ending)
    execute "drop-cluster"
    if not ending.ok then
      notify { title = "Scoring failed", text = tostring(ending.error), level = "error" }
    end
  end, { timeout = "30m", undoes = true })
  execute { "create-cluster", params = { size = param("size", 4) } }
  execute { "score", timeout = "2h", on_timeout = "cancel" }
end)

phase "report"
execute "report"
notify "Scored."
