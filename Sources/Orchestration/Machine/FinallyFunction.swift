import DataStudio
import LuaVM

/// A function that a script has given to `finally`: it is called at the end of its scope.
struct FinallyFunction {
    let function: LuaReference
    /// Task path, `finally` and the position among those of the scope, in the order in which they were given.
    let key: String
    /// The line that gave it.
    let location: LuaLocation?
    /// How long it may take.
    let timeout: Duration
    /// True if it takes back what its scope has done: whoever does a step of the scope again does all of them again.
    let undoes: Bool

    /// How it is called where it did not run.
    var title: String { location.map { "finally of \($0)" } ?? "a finally" }
}
