import DataStudio

/// Scripts that wait for people.
extension ScriptGenerator {
    /// True if the script of a seed does.
    static func hasApprovals(seed: UInt64) -> Bool { seed % 16 == 12 }

    /// Adds one or two approvals, some of them beside jobs, some that end before they are decided.
    static func addApprovals(to script: inout [[String]], _ seed: UInt64) {
        var random = SplitMix(seed: seed &* 0x2545_F491 &+ 5)
        func pick<Value>(_ values: [Value]) -> Value { values[Int.random(in: 0..<values.count, using: &random)] }
        for name in ["one", "two"].prefix(pick([1, 2])) {
            let timeout = pick([
                "", "", "timeout = 20", "timeout = 5, default = 'approve'", "timeout = 30, default = 'reject'",
            ])
            let approve = "approve('\(name)', { \(timeout) })"
            let statement = pick([
                "do local ok, d = pcall(function() return \(approve) end) print('approve', ok, ok and d.by or d.kind) end",
                "pcall(parallel, { function() \(approve) execute 'a' end, 'b', 'c', on_failure = 'cancel' })",
                "pcall(timeout, 15, function() execute 'a' \(approve) execute 'b' end)",
                "\(approve) execute 'd'",
            ])
            script.insert([statement], at: pick(Array(0...script.count)))
        }
    }
}
