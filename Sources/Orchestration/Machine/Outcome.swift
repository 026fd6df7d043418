import LuaVM

/// What a node came to.
enum Outcome {
    case values([LuaValue])
    indirect case failure(ScriptError)
    /// It was stopped. Whoever waits for it gets an error; nobody else does.
    case stopped

    var failure: ScriptError? {
        if case .failure(let error) = self { error } else { nil }
    }
}
