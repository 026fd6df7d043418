/// What the host holds for a script while it goes on, in bytes: it counts against the script's memory.
///
/// Rough figures: 85 000 tasks that sleep, each with its timer, take about 6 KB each in the process, of which Lua holds one.
enum HostMemory {
    /// A task, a step or a chain that is not over.
    static let node = 4096
    /// A timer that is set.
    static let timer = 512
    /// A question without an answer, besides its texts.
    static let query = 1024
}
