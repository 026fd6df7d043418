/// The kinds of handles that scripts hold.
enum HandleKind {
    static let job: Int32 = 1
    static let task: Int32 = 2

    /// Those that stand for something a script can wait for.
    static let nodes: Set<Int32> = [job, task]
}
