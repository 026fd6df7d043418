import DataStudio

/// Scripts with blocks that hold locks and places of pools.
extension ScriptGenerator {
    /// True if the scripts of a seed have them.
    static func hasLocks(seed: UInt64) -> Bool { seed % 16 == 4 || seed % 32 == 22 }

    /// Adds one to three, nested in any order, beside each other and with jobs that are left running; what fails in a script
    /// that is retried fails in one of them.
    static func addLocks(to script: inout [[String]], _ seed: UInt64, failing: [String]?) {
        var random = SplitMix(seed: seed &* 0x2545_F491 &+ 11)
        func pick<Value>(_ values: [Value]) -> Value { values[Int.random(in: 0..<values.count, using: &random)] }
        func lock(_ body: String) -> String {
            let name = pick(["lock('one'", "lock('two'", "pool('three', \(pick([1, 2]))"])
            return "\(name), function() \(body) end\(pick(["", "", "", ", { wait = 20 }"])))"
        }
        func work() -> String {
            pick([
                "execute 'a'", "execute 'b' execute 'c'", "execute { 'd', timeout = 2 }", "sleep(3) execute 'a'",
                "start 'b' execute 'c'", "parallel { 'a', 'c' }",
            ])
        }
        func nested() -> String {
            let (outer, inner) = pick([("one", "two"), ("two", "one")])
            return "lock('\(outer)', function() \(work()) lock('\(inner)', function() \(work()) end) end)"
        }
        func protected(_ call: String) -> String { "print('lock', (pcall(function() \(call) end)))" }
        for _ in 0..<pick([1, 2, 3]) {
            let statement = pick([
                protected(lock(work())), protected(nested()), protected(nested()),
                "pcall(parallel, { function() \(lock(work())) end, function() \(lock(work())) end, on_failure = 'collect' })",
                "pcall(parallel, { function() \(nested()) end, function() \(nested()) end, on_failure = 'finish' })",
                "pcall(parallel_each, { 1, 2, 3 }, function() \(lock(work())) end)",
                "pcall(timeout, 8, function() \(lock(work() + " " + work())) end)",
            ])
            script.insert([statement], at: pick(Array(0...script.count)))
        }
        if let failing { script.append(["lock('one', function()"] + failing + ["end)"]) }
    }
}
