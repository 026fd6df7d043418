import LuaVM

/// What becomes of the others when one item fails.
enum FailurePolicy: String, CaseIterable {
    /// What runs goes on to its end, nothing new starts, then one error is raised.
    case finish
    /// The others are cancelled, their jobs too.
    case cancel
    /// Everything runs, nothing is raised.
    case collect

    init(_ value: LuaValue) throws(ArgumentError) {
        guard let policy = value.text.flatMap(FailurePolicy.init(rawValue:)) else {
            throw ArgumentError(
                "the option \"on_failure\" takes \"finish\", \"cancel\" or \"collect\"; got \(value.article)")
        }
        self = policy
    }
}
