/// The number of a metatable that a script library registered with ``LuaVM/register(metatable:as:)``.
public struct LuaMetatable: Hashable, Sendable {
    /// 0 ..< 16.
    let number: Int32

    /// - Parameter number: 0 ..< 15, chosen by the host.
    public init(_ number: Int32) {
        precondition((0..<15).contains(number), "a host has 15 metatables")
        self.number = number
    }

    /// One that this library keeps for itself.
    init(reserved number: Int32) {
        self.number = number
    }
}
