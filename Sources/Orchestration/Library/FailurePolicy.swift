import LuaVM

/// What becomes of the other items of a list when one fails.
enum FailurePolicy: String, CaseIterable {
    /// What runs goes on to its end, nothing new starts, then one error is raised.
    case finish
    /// All other items run, then one error is raised: no item depends on another.
    case `continue`
    /// The others are cancelled, their jobs too.
    case cancel
    /// Everything runs, nothing is raised.
    case collect

    /// Those that a chain may have: one item runs at a time.
    static let ofChains: [FailurePolicy] = [.finish, .continue]
    /// Those that hold for lists that say nothing: with `collect`, what they return would be another.
    static let ofDefaults: [FailurePolicy] = [.finish, .continue, .cancel]

    /// True if items begin after one has failed.
    var goesOn: Bool { self == .continue || self == .collect }

    init(_ value: LuaValue, among policies: [FailurePolicy] = allCases) throws(ArgumentError) {
        guard let policy = value.text.flatMap(FailurePolicy.init(rawValue:)), policies.contains(policy) else {
            let words = policies.map { "\"\($0.rawValue)\"" }
            let known = words.dropLast().joined(separator: ", ") + " or " + (words.last ?? "")
            throw ArgumentError(
                "the option \"on_failure\" takes \(known); got \(value.text.map { "\"\($0)\"" } ?? value.article)")
        }
        self = policy
    }
}
