import DataStudio

/// Makes random scripts that use every way of waiting, and tell what they see.
///
/// A script has 1 to 3 statements at its top, nested up to two deep. Of statements:
///
/// | share | statement |
/// | ----: | --- |
/// | 34 % | `execute`, half of them under `pcall`; one in five with a time-out, one in six with a check that may fail, one in
/// | | eight with retries |
/// | 18 % | `parallel` of 2 or 3 items: labels, functions, chains; with `on_failure` of each kind, a limit one time in four |
/// | 10 % | `start` and, a few statements later, `wait` or `wait_any` |
/// | 10 % | `sleep`, from nothing to a minute |
/// | 8 % | a `timeout` block, a `retry`, a `wait_until` or `defaults` |
/// | 8 % | a variable shared by branches that is counted up and printed |
/// | 6 % | `state` of a label, which the script branches on |
/// | 4 % | a schedule or a request to another server, which must not be executed twice, or a notice |
/// | 2 % | `start` with `detach`, at the top only |
///
/// One script in five hands over to itself, `restart_with`, once, twice or eleven times.
///
/// Labels are `a` to `d`, so that steps of one workflow meet; one in three starts has a parameter. One block in four has a
/// `<close>` handler, which waits, asks, or tries to start something.
struct ScriptGenerator {
    private var random: SplitMix
    private var lines: [String] = []
    private var names = 0

    static let labels = ["a", "b", "c", "d"]

    init(seed: UInt64) {
        random = SplitMix(seed: seed)
    }

    /// The statements at the top of a script, each with its lines.
    mutating func statements() -> [[String]] {
        (0..<Int.random(in: 1...3, using: &random)).map { _ in
            lines = []
            statement(0, "")
            return lines
        }
    }

    /// - Parameter parts: how often the script hands over to itself, less one; where something goes on besides, it cannot.
    static func text(_ statements: [[String]], parts: Int = 1) -> String {
        let beginning = parts > 1 ? ["local part = restarted() or { n = 1 }", "print('part', part.n)"] : []
        let end = parts > 1 ? ["if part.n < \(parts) then print(pcall(restart_with, { n = part.n + 1 })) end"] : []
        return (beginning + ["local shared = 0"] + statements.joined() + end + ["print('end', shared)"])
            .joined(separator: "\n") + "\n"
    }

    private mutating func block(statements: Int, depth: Int, indent: String) {
        if chance(4) {
            let call = pick(["sleep, 1", "sleep, 100", "state, 'a'", "execute, 'b'"])
            let handler = "function() print('closed', (pcall(\(call)))) end"
            lines.append("\(indent)local guard <close> = setmetatable({}, { __close = \(handler) })")
        }
        for _ in 0..<statements { statement(depth, indent) }
    }

    private mutating func statement(_ depth: Int, _ indent: String) {
        switch Int.random(in: 0..<100, using: &random) {
        case ..<34: execute(indent)
        case ..<52: depth < 2 ? parallel(depth, indent) : execute(indent)
        case ..<62: start(indent)
        case ..<72: lines.append("\(indent)sleep(\(pick([0, 0.5, 3, 20, 60])))")
        case ..<75: depth < 2 ? again(depth, indent) : execute(indent)
        case ..<80: depth < 2 ? timeout(depth, indent) : execute(indent)
        case ..<88: lines.append("\(indent)shared = shared + 1 print('shared', shared)")
        case ..<94:
            let label = label()
            lines.append("\(indent)if state('\(label)') == 'RUNNING' then execute('\(self.label())') end")
        case ..<98:
            let calls = [
                "studio.execute_schedule, 'nightly'", "http.post, 'http://other/\(lines.count)'",
                "http.get, 'http://other/'", "notify, 'text'",
            ]
            lines.append("\(indent)print((pcall(\(pick(chance(2) ? [calls[0]] : calls)))))")
        default: if depth == 0 { lines.append("pcall(start, '\(label())', { detach = true })") }
        }
    }

    private mutating func execute(_ indent: String) {
        let call = "execute { \(item()) }"
        if Bool.random(using: &random) {
            lines.append("\(indent)do local ok, e = pcall(function() return \(call) end)")
            lines.append("\(indent)print(ok, ok and e.state or e.kind) end")
        } else {
            lines.append("\(indent)print(\(call).state)")
        }
    }

    private mutating func item() -> String {
        var options = ["'\(label())'"]
        if chance(3) { options.append("params = { n = 'x\(Int.random(in: 1...2, using: &random))' }") }
        if chance(5) { options.append("timeout = \(pick([2, 20, 200]))") }
        if chance(8) {
            let longest = pick([2, 20])
            options.append("max = \(longest), queue_max = \(longest / 2)")
        }
        if chance(6) {
            options.append("check = function(r) return \(pick(["true", "r.duration > 2, 'short'", "false, 'no'"])) end")
        }
        if chance(8) { options.append("retries = \(pick([1, 2])), retry_delay = \(pick([0, 5, 40]))") }
        if chance(10) { options.append("usual = \(pick([2, 20]))") }
        if chance(10) { options.append("if_running = '\(pick(["wait", "join", "fail"]))'") }
        return options.joined(separator: ", ")
    }

    private mutating func parallel(_ depth: Int, _ indent: String) {
        lines.append("\(indent)do local ok, r = pcall(parallel, {")
        for _ in 0..<Int.random(in: 2...3, using: &random) {
            switch Int.random(in: 0..<4, using: &random) {
            case 0, 1: lines.append("\(indent)  { \(item()) },")
            case 2:
                lines.append("\(indent)  function()")
                block(statements: Int.random(in: 1...2, using: &random), depth: depth + 1, indent: indent + "    ")
                lines.append("\(indent)  end,")
            default:
                let policy = chance(4) ? ", on_failure = 'continue'" : ""
                lines.append("\(indent)  chain { '\(label())', '\(label())'\(policy) },")
            }
        }
        lines.append("\(indent)  on_failure = '\(pick(["finish", "cancel", "collect", "continue"]))',")
        if chance(4) { lines.append("\(indent)  limit = \(Int.random(in: 1...2, using: &random)),") }
        lines.append("\(indent)}) print('parallel', ok, not ok and r.kind or nil) end")
    }

    private mutating func start(_ indent: String) {
        names += 1
        let name = "j\(names)"
        lines.append("\(indent)local ok\(name), \(name) = pcall(start, { \(item()) })")
        if chance(3) { lines.append("\(indent)sleep(\(pick([1, 10])))") }
        let wait = chance(4) ? "select(2, pcall(wait_any, { \(name) }))" : "pcall(wait, \(name))"
        lines.append("\(indent)if ok\(name) then print('waited', (\(wait))) end")
    }

    private mutating func timeout(_ depth: Int, _ indent: String) {
        lines.append("\(indent)do local ok, e = pcall(timeout, \(pick([0, 2, 15, 100])), function()")
        block(statements: Int.random(in: 1...2, using: &random), depth: depth + 1, indent: indent + "  ")
        lines.append("\(indent)end) print('timeout', ok, not ok and e.kind or nil) end")
    }

    private mutating func again(_ depth: Int, _ indent: String) {
        switch Int.random(in: 0..<3, using: &random) {
        case 0:
            let on = pick(["'failed'", "{ 'failed', 'check' }", "{ 'timeout', 'failed' }"])
            lines.append(
                "\(indent)do local ok, e = pcall(retry, { times = 3, delay = \(pick([0, 7])), on = \(on) }, function()")
            block(statements: Int.random(in: 1...2, using: &random), depth: depth + 1, indent: indent + "  ")
            lines.append("\(indent)end) print('retry', ok, not ok and e.kind or nil) end")
        case 1:
            let timeout = chance(2) ? ", timeout = \(pick([5, 100]))" : ""
            lines.append("\(indent)do local n = 0 print('until', (pcall(wait_until, function()")
            block(statements: 1, depth: depth + 1, indent: indent + "  ")
            lines.append("\(indent)n = n + 1 return n == 2 end, { every = \(pick([1, 20]))\(timeout) }))) end")
        default:
            lines.append(
                "\(indent)defaults { retries = \(pick([0, 1])), retry_delay = 3, timeout = \(pick([20, 200])) }")
        }
    }

    private mutating func label() -> String { pick(Self.labels) }

    private mutating func chance(_ one: Int) -> Bool { Int.random(in: 0..<one, using: &random) == 0 }

    private mutating func pick<Value>(_ values: [Value]) -> Value {
        values[Int.random(in: 0..<values.count, using: &random)]
    }
}
