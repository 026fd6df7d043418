import CLuaShim

/// A task inside the VM. Small: a script may have a hundred thousand.
struct LuaTask {
    enum State: UInt8 {
        /// Not begun.
        case new
        /// Waits for the answer to the wait with the number `wait`.
        case waiting
        /// Goes on with the values on its stack.
        case ready
        /// Its function is over; its children are not.
        case over
        /// No task: the slot is free.
        case free
    }

    /// What it is to do, until it begins.
    var start: LuaTaskStart?
    /// What few tasks have.
    var details: LuaTaskDetails?

    /// The number of its id.
    var number = 0
    var state = State.free
    var stopping = lvm_stopping(level: 0, has_grace: false, raises: false)
    /// How many values its stack holds for the next turn.
    var count: Int32 = 0
    /// Its thread, once it has begun, and what keeps it alive.
    var thread: OpaquePointer?
    var reference: Int32 = 0
    /// The number of the wait that the next answer must name.
    var wait = 0
    /// What is charged for the arguments of its request.
    var charge = 0
    /// How often it has waited in the present instant, and which that is.
    var waits: Int32 = 0
    var instant: Int32 = 0

    /// Details that can be written to.
    var ownDetails: LuaTaskDetails {
        mutating get {
            if let details { return details }
            let made = LuaTaskDetails()
            details = made
            return made
        }
    }

    /// The tree, by slots; -1: none.
    var parent: Int32 = -1
    var firstChild: Int32 = -1
    var nextSibling: Int32 = -1
    var previousSibling: Int32 = -1
    /// How many children it has had: they are numbered in its path.
    var childCount: Int32 = 0
    /// Which of its parent's children it is, from 1.
    var position: Int32 = 0
}
