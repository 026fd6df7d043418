/// What a line of a session came to.
package struct LineEnd: Sendable {
    /// Its values, if it was an expression that has any.
    package var values: [ShownValue] = []
    /// What went wrong; `nil` if nothing did.
    package var error: ScriptError?
    /// True if it was interrupted.
    package var isInterrupted = false
    /// Steps that it had begun and that go on; `_` stands for them.
    package var kept: [StepDescription] = []
    /// Tasks that it waited for and that go on; `_` stands for them too.
    package var keptTasks: [String] = []
    /// It called `finish`, `skip` or `fail`: how a script would have ended there.
    package var end: RunEnd?

    /// True if it did what it was to do.
    package var isSuccess: Bool { error == nil && !isInterrupted && end == nil }
}
