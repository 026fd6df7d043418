import DataStudio
import JSON
import Orchestration

/// What `baton replay` says.
struct ReplayReport {
    private let departure: ScriptDeparture?
    private let current: String?
    private let run: String
    private let began: Timestamp
    private let count: Int
    private let recorded: [String]
    private let edited: [String]

    /// - Parameters:
    ///   - script: what the run calls its script; `file` is where the edited one lies.
    ///   - count: how many records the run has.
    ///   - recorded: what the run printed as far as the two are alike, `edited` what the script prints.
    init(
        _ departure: ScriptDeparture?, of script: String, in file: String, run: String, began: Timestamp, count: Int,
        recorded: [String], edited: [String]
    ) {
        self.departure = departure
        // The edited script runs under the name of the recorded one; people know it by its file.
        current = departure?.current.map { $0.hasPrefix(script + ":") ? file + $0.dropFirst(script.count) : $0 }
        self.run = run
        self.began = began
        self.count = count
        self.recorded = recorded
        self.edited = edited
    }

    /// The first line that differs, with both texts.
    private var print: (line: Int, recorded: String?, edited: String?)? {
        for index in 0..<max(recorded.count, edited.count) {
            let (a, b) = (
                recorded.indices.contains(index) ? recorded[index] : nil,
                edited.indices.contains(index) ? edited[index] : nil
            )
            if a != b { return (index + 1, a, b) }
        }
        return nil
    }

    /// For people.
    func lines(_ terminal: Terminal) -> [String] {
        var lines: [String] = []
        if let departure {
            lines.append(
                "It departs from run \(run) after \(departure.records) of \(count) records, "
                    + "\((departure.at - began).short) after the beginning:")
            lines.append("  " + departure.message)
            if let place = departure.recorded { lines.append("  the run was at \(place)") }
            if let place = current { lines.append("  the script is at \(place)") }
        } else {
            lines.append("The same as run \(run): all \(count) records.")
        }
        if departure == nil, let print {
            lines.append("It prints something else: line \(print.line)")
            lines.append("  run     \(print.recorded ?? "nothing")")
            lines.append("  script  \(print.edited ?? "nothing")")
        }
        return lines.flatMap { $0.wrapped(to: terminal.columns, hanging: 2) }
    }

    /// For programs.
    var json: JSON {
        .record([
            "run": .string(run), "same": .boolean(departure == nil), "records": .integer(Int64(count)),
            "common": .integer(Int64(departure?.records ?? count)), "at": departure.map { .string($0.at.iso8601) },
            "message": departure.map { .string($0.message) }, "recorded": departure?.recorded.map { .string($0) },
            "current": current.map { .string($0) }, "prints_the_same": .boolean(print == nil),
        ])
    }
}
