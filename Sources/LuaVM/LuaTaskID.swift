/// The number of a task, unique within its VM and never used again.
public struct LuaTaskID: Hashable, Comparable, Sendable, CustomStringConvertible {
    let number: Int

    /// Earlier tasks come first.
    public static func < (a: LuaTaskID, b: LuaTaskID) -> Bool { a.number < b.number }

    /// `task 3`
    public var description: String { "task \(number)" }
}
