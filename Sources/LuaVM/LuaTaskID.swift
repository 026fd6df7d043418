/// The number of a task, unique within its VM and never used again.
public struct LuaTaskID: Hashable, Comparable, Sendable, CustomStringConvertible {
    let number: Int
    /// Where the VM keeps it.
    let slot: Int32

    /// The number decides.
    public static func == (a: LuaTaskID, b: LuaTaskID) -> Bool { a.number == b.number }

    /// The number decides.
    public func hash(into hasher: inout Hasher) { hasher.combine(number) }

    /// Earlier tasks come first.
    public static func < (a: LuaTaskID, b: LuaTaskID) -> Bool { a.number < b.number }

    /// `task 3`
    public var description: String { "task \(number)" }
}
