import CLuaShim

/// One call of a host function that does not wait. Valid during the call only.
///
/// The arguments stay on Lua's stack and are read when they are asked for.
public struct LuaCall {
    /// How many arguments the script gave.
    public let count: Int
    let stack: LuaStack

    /// What the script gave.
    public var arguments: [LuaValue] { (0..<count).map { stack.read(Int32($0 + 1)) } }

    /// The argument at a position from 0; `nil` where there is none.
    public func argument(_ index: Int) -> LuaValue {
        index >= 0 && index < count ? stack.read(Int32(index + 1)) : .nil
    }

    /// What `tostring` gives for the argument at a position from 0; bytes that are no UTF-8 are replaced.
    public func description(of index: Int) -> String {
        index >= 0 && index < count ? stack.description(at: Int32(index + 1)) : "nil"
    }

    /// The script line that made the call.
    public var location: LuaLocation? { stack.location() }
}
