import Orchestration

/// The order in which `baton resume --all` resumes runs: oldest first, some at a time, and of a lock name one at a time.
struct ResumeQueue {
    private var waiting: [RunRow]
    private var busyLines: Set<String> = []
    private let mostAtOnce: Int

    /// - Parameter rows: oldest first.
    init(_ rows: [RunRow], mostAtOnce: Int) {
        waiting = rows
        self.mostAtOnce = mostAtOnce
    }

    /// How many runs are resumed at the same time.
    ///
    /// - Parameter descriptors: how many the process may have. A run takes about eight: its locks, and its connections.
    static func mostAtOnce(descriptors: Int) -> Int { max(1, min(8, (descriptors - 64) / 8)) }

    /// The run to resume now: the oldest whose lock name is free.
    ///
    /// - Returns: `nil` if one of the others has to end first, or if there is none.
    mutating func next() -> RunRow? {
        guard busyLines.count < mostAtOnce, let index = waiting.firstIndex(where: { !busyLines.contains($0.line) })
        else { return nil }
        let row = waiting.remove(at: index)
        busyLines.insert(row.line)
        return row
    }

    /// The run has ended, or was not resumed.
    mutating func ended(_ row: RunRow) { busyLines.remove(row.line) }
}
