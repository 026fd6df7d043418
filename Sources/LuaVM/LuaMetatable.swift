/// The number of a metatable that a script library registered with ``LuaVM/register(metatable:as:)``.
public struct LuaMetatable: Hashable, Sendable {
    /// 0 ..< 16.
    let number: Int32

    /// - Parameter number: 0 ..< 16, chosen by the host.
    public init(_ number: Int32) {
        precondition((0..<16).contains(number), "a VM holds 16 metatables")
        self.number = number
    }
}
