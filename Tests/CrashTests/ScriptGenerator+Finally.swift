import DataStudio

/// Scopes that have functions of `finally`. Each tells when it is given and when it runs.
extension ScriptGenerator {
    /// True if the script of a seed has such scopes.
    static func hasFinally(seed: UInt64) -> Bool { [10, 14].contains(seed % 16) }

    /// Adds them: one to the script itself, in three of four, and a block with one or two.
    static func addFinally(to script: inout [[String]], _ seed: UInt64) {
        var random = SplitMix(seed: seed &* 0x51ED_270B &+ 3)
        func pick<Value>(_ values: [Value]) -> Value { values[Int.random(in: 0..<values.count, using: &random)] }
        func given(_ name: String) -> String {
            let body = pick([
                "execute 'd'", "pcall(execute, 'c') sleep(3)", "parallel { 'a', 'd' }", "execute { 'd', timeout = 5 }",
                "spawn(execute, 'b')", "wait(start 'c')", "retry({ times = 2, delay = 3 }, execute, 'a')",
                "phase('cleaning', execute, 'b')", "sleep(1)",
            ])
            let options = pick(["", "", "", ", { timeout = 5 }", ", { undoes = true }"])
            return "print('has \(name)') finally(function(e) print('finally \(name)', e.reason, #e.running) "
                + "local ok, e = pcall(function() \(body) end) print('over \(name)') if not ok then error(e, 0) end "
                + "end\(options))"
        }
        if pick([true, true, true, false]) {
            script.insert([given("of the script")], at: pick([0, script.count / 2]))
        }
        let (one, other) = (given("one"), given("other"))
        let block = pick([
            "pcall(phase, 'p', function() \(one) execute 'a' \(other) sleep(2) end)",
            "pcall(timeout, 4, function() \(one) execute 'b' execute 'a' end)",
            "pcall(parallel, { function() \(one) execute 'c' end, 'd', 'a', "
                + "function() \(other) sleep(1) error('x', 0) end, on_failure = 'cancel' })",
            "do local t = spawn(function() \(one) execute 'a' sleep(50) end) sleep(3) cancel(t) end",
            "pcall(retry, { times = 2, delay = 1 }, function() \(one) execute 'b' end)",
            "phase('q', function() \(one) execute 'a' end)",
        ])
        script.insert([block], at: pick([0, script.count]))
    }

    /// True if a step of that key belongs to a function of `finally` that is in the scope.
    static func isInFinally(_ key: String, of scope: String) -> Bool {
        key.hasPrefix(scope) && key.dropFirst(scope.count).contains("finally#")
    }
}
