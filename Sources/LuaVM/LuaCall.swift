/// One call of a host function that does not wait. Valid during the call only.
public struct LuaCall {
    /// What the script gave.
    public let arguments: [LuaValue]
    let stack: LuaStack

    /// The argument at a position from 0; `nil` where there is none.
    public func argument(_ index: Int) -> LuaValue {
        index < arguments.count ? arguments[index] : .nil
    }

    /// The script line that made the call.
    public var location: LuaLocation? { stack.location() }
}
