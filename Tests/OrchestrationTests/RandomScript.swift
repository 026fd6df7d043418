import DataStudio

/// A random script whose course does not depend on how long its jobs take.
struct RandomScript {
    /// Its lines.
    private(set) var text = ""
    /// The workflows that it may start, each at one place.
    private(set) var labels: [String] = []
    private var random: SplitMix

    init(seed: UInt64) {
        random = SplitMix(seed: seed &* 7 &+ 1)
        for _ in 0..<Int.random(in: 2...4, using: &random) { text += statement(depth: 0) + "\n" }
    }

    private mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

    private mutating func label() -> String {
        labels.append("w\(labels.count + 1)")
        return "'\(labels[labels.count - 1])'"
    }

    private mutating func body(_ depth: Int) -> String {
        (0..<Int.random(in: 1...2, using: &random)).map { _ in statement(depth: depth + 1) }.joined(separator: " ")
    }

    private mutating func statement(depth: Int) -> String {
        let kind = Int.random(in: 0..<(depth < 2 ? 9 : 3), using: &random)
        return switch kind {
        case 0, 1: "execute \(label())"
        case 2: "if not pcall(execute, \(label())) then execute \(label()) end"
        case 3, 4: parallel(depth)
        case 5: "parallel_each({ \(label()), \(label()), \(label()) }, function(l) execute(l) end, { \(policy()) })"
        case 6: "wait(chain { \(label()), \(label()), \(label())\(chance(50) ? ", on_failure = 'continue'" : "") })"
        case 7: "timeout('5h', function() \(body(depth)) end)"
        default: "do local t = spawn(function() \(body(depth)) end) \(body(depth)) wait(t) end"
        }
    }

    private mutating func policy() -> String {
        let policies = ["finish", "continue", "cancel", "continue"]
        let policy = policies[Int.random(in: 0..<policies.count, using: &random)]
        return "limit = \(Int.random(in: 1...3, using: &random)), on_failure = '\(policy)'"
    }

    private mutating func parallel(_ depth: Int) -> String {
        let items = (0..<Int.random(in: 2...3, using: &random)).map { _ in
            switch Int.random(in: 0..<3, using: &random) {
            case 0: label()
            case 1: "chain { \(label()), \(label()) }"
            default: "function() \(body(depth)) end"
            }
        }
        return "parallel { \(items.joined(separator: ", ")), \(policy()) }"
    }
}
