/// A task inside the VM.
struct LuaTask {
    enum State {
        /// Not begun.
        case new(LuaReference, [LuaValue])
        /// The number of the wait that the next answer must name.
        case waiting(Int)
        /// Ready to go on with `true` and results, or `false` and an error.
        case answered([LuaValue])
    }

    var state: State
    /// Its thread, once it has begun.
    var thread: OpaquePointer?
    /// Keeps the thread alive.
    var reference: Int32?
    var isStopping = false
}
