import LuaVM

/// A run whose script is typed line by line: what the machine has to know of it beside the tree.
struct Session {
    /// The table of all globals, whatever a line makes of `_G`.
    var globals: LuaReference?
    /// The server that is asked unless a line names another; `nil`: the one it began with.
    var server: String?
    /// Why something that may run is not looked at any more.
    var lost: StepFailure?
    /// How many lines of text there were.
    var height = 0
    /// How many times something was entered.
    var count = 0
    /// The task of the line that runs.
    var line: NodeID?
    /// What the last line failed with.
    var failure: ScriptError?
    /// Why it is being stopped, and what it had begun then.
    var end = LineEnd()
    var kept: [NodeID] = []
    /// What `_` stands for, if that is what lines have left running.
    var last: [NodeID] = []
    /// How many steps there were when the line began.
    var stepsBefore = 0
}
