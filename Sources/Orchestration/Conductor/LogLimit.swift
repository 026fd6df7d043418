/// How long the log of a run may become: a script that spins must not fill the disk.
package struct LogLimit: Hashable, Sendable {
    /// The most records.
    package var records: Int
    /// The most bytes of them all, as the journal keeps them.
    package var bytes: Int

    /// 250 000 records and 64 MB, unless they are given.
    package init(records: Int = 250_000, bytes: Int = 64 << 20) {
        self.records = records
        self.bytes = bytes
    }
}

/// How long the log of a run is, and what was said of it.
struct LogSize {
    var records = 0
    var bytes = 0
    private var isHalfTold = false
    private var isFullTold = false
    private var isReserveTold = false
    /// How many records there were before this part of the run.
    let before: Int

    init(since before: Int = 0) {
        self.before = before
    }

    /// What the run has to be told now that the log has grown, each once: that it is half full; that it is full; and that a
    /// twentieth more, the reserve for what runs at the end, is used up as well.
    mutating func event(_ limit: LogLimit) -> MachineEvent? {
        let measures = [
            Measure(size: records, most: limit.records, unit: 1, words: "records", setting: "limits.records"),
            Measure(size: bytes, most: limit.bytes, unit: 1 << 10, words: "KB of records", setting: "limits.log"),
        ]
        if !isFullTold, let measure = measures.first(where: { $0.size > $0.most }) {
            isFullTold = true
            return .logIsFull(
                "the run has made \(measure.made), more than the \(measure.allowed) that it may (\(measure.setting))")
        }
        if isFullTold, !isReserveTold, let measure = measures.first(where: { $0.size > $0.most + $0.most / 20 }) {
            isReserveTold = true
            return .logIsFull(
                "the run has made \(measure.made), and its functions of finally have no more (\(measure.setting))")
        }
        if !isHalfTold, let measure = measures.first(where: { $0.size > $0.most / 2 }) {
            isHalfTold = true
            return .logGrows(
                "the run has made \(measure.made), and ends with an error at \(measure.allowed) (\(measure.setting)). "
                    + "A loop that goes on for long hands over to a fresh log: restart_with(state)")
        }
        return nil
    }

    /// One of the two ways in which a log is long.
    private struct Measure {
        let size: Int
        let most: Int
        let unit: Int
        let words: String
        let setting: String

        var made: String { "\(size / unit) \(words)" }
        var allowed: String { "\(most / unit) \(words)" }
    }
}
