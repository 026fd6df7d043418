/// What a task that has not begun is to do.
final class LuaTaskStart {
    let function: LuaReference
    let arguments: [LuaValue]

    init(_ function: LuaReference, _ arguments: [LuaValue]) {
        self.function = function
        self.arguments = arguments
    }
}
