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
    /// Chains that were made and not run yet: id and line.
    var chains: [Int64: LuaLocation?] = [:]
    private var lastChain: Int64 = 0

    init(now: Timestamp) {
        self.now = now
        began = now
    }

    func addChain(at location: LuaLocation?) -> Int64 {
        lastChain += 1
        chains[lastChain] = location
        return lastChain
    }
}
