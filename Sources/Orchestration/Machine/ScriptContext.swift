import DataStudio
import LuaVM

/// What the functions that answer at once share with the machine.
final class ScriptContext {
    /// The instant of the record that began the turn: time stands still until the next.
    var now: Timestamp
    /// The instant of the run's first record.
    let began: Timestamp
    /// What was printed and logged in this turn, in order.
    var output: [RunEvent] = []
    /// What the texts of this turn take, in bytes, and what they may.
    private(set) var outputSize = 0
    private let largestOutput: Int
    /// Chains that were made and not run yet: id and line.
    var chains: [Int64: LuaLocation?] = [:]
    private var lastChain: Int64 = 0

    /// - Parameter largestOutput: how much may be printed and logged in a turn, in bytes.
    init(now: Timestamp, largestOutput: Int?) {
        self.now = now
        self.largestOutput = largestOutput ?? .max
        began = now
    }

    /// Keeps what the script tells people until the turn is over: what it prints must not be seen before the record that
    /// began the turn is durable. It counts against the memory of the script meanwhile; what is too much is not kept, and
    /// the call ends with the memory error.
    func tell(_ event: RunEvent, in vm: LuaVM) {
        hold(event, in: vm)
        if outputSize <= largestOutput { output.append(event) }
    }

    /// Counts an event against the memory of the script, until the turn is over.
    func hold(_ event: RunEvent, in vm: LuaVM) {
        let size = event.textSize + Self.eventSize
        outputSize += size
        vm.charge(size)
    }

    /// The turn is over, and its texts are on their way.
    func releaseOutput(in vm: LuaVM) {
        vm.charge(-outputSize)
        outputSize = 0
    }

    /// What an event takes besides its text: in the list here, among the machine's actions, and in the conductor's queue.
    private static let eventSize = 2048

    func addChain(at location: LuaLocation?) -> Int64 {
        lastChain += 1
        chains[lastChain] = location
        return lastChain
    }
}
