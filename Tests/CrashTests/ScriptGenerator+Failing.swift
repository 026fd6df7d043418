/// Ends of scripts that raise what has failed in them, as people write it: such runs are retried.
extension ScriptGenerator {
    /// How long a block of them may take, in seconds: no other block takes so long.
    static let blockLimit = 77

    /// How many items of the first `parallel_each` of such an end may run at the same time; `nil` if it has none.
    static func limit(ofFailing number: UInt64) -> Int? {
        number % failingKinds == 0 ? Int(1 + number / failingKinds % 3) : nil
    }

    /// The list of such an end that goes on when one of its items fails: the function that runs it, what its error calls it, and
    /// how many items it has. `nil` if it has none.
    static func listThatGoesOn(ofFailing number: UInt64) -> (function: String, title: String, items: Int)? {
        [5: ("parallel", "parallel", 3), 6: ("wait", "chain", 4), 7: ("parallel_each", "parallel_each", 4)][
            number % failingKinds]
    }

    private static let failingKinds: UInt64 = 8

    /// One of eight ends, by a number.
    static func failing(_ number: UInt64) -> [String] {
        let limit = 1 + number / failingKinds % 3
        let rethrow = "parallel_each(tried.failed, function(failure) error(failure.error) end)"
        return switch number % failingKinds {
        case 0:
            [
                "local tried = parallel_each({ 'a', 'b', 'c', 'd' }, function(label) return execute(label).state end,",
                "  { limit = \(limit), on_failure = 'collect' })", rethrow,
            ]
        case 1: ["timeout(\(blockLimit), function() execute 'a' execute 'b' end)"]
        case 2: ["parallel { 'a', chain { 'b', 'c' }, 'd', limit = \(limit + 1), on_failure = 'cancel' }"]
        case 3:
            [
                "local tried = parallel {",
                "  function() parallel { 'a', 'b', on_failure = 'cancel' } end, 'c',",
                "  function() parallel { chain { 'a', 'd' }, 'b', on_failure = 'cancel' } end, 'd',",
                "  limit = \(limit), on_failure = 'collect' }", rethrow,
            ]
        case 5:
            [
                "parallel { 'a', chain { 'b', 'c' }, function() execute 'd' end, limit = \(limit), on_failure = 'continue' }"
            ]
        case 6: ["wait(chain { 'a', 'b', function() execute 'c' end, 'd', on_failure = 'continue' })"]
        case 7:
            [
                "defaults { on_failure = 'continue' }",
                "parallel_each({ 'a', 'b', 'c', 'd' }, function(label) return execute(label).state end, { limit = \(limit) })",
            ]
        default:
            [
                "local tried = parallel { chain { 'a', 'b' }, function() timeout(\(blockLimit), execute, 'c') end, 'd',",
                "  'a', limit = \(limit), on_failure = 'collect' }", rethrow,
            ]
        }
    }

    /// True if neither of the steps with these keys can depend on the other: they belong to different items of a list. Of
    /// such an end, only a chain that says so is one by itself; the items of others depend on those before them.
    static func areIndependent(_ a: String, _ b: String) -> Bool {
        let (a, b) = (a.split(separator: "/"), b.split(separator: "/"))
        guard let (one, other) = zip(a, b).first(where: { $0 != $1 }) else { return false }
        let (item, otherItem) = (one.split(separator: "["), other.split(separator: "["))
        return item.count > 1 && otherItem.count > 1 && item[0] == otherItem[0] && item[1] != otherItem[1]
    }
}
