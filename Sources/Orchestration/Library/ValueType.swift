import DataStudio
import LuaVM

/// What an argument or an option of the script library takes.
package indirect enum ValueType: Hashable, Sendable {
    case any
    case text
    /// A text that is not empty.
    case name
    /// The external label of a workflow.
    case label
    /// The name of a script's parameter.
    case parameterName
    case boolean
    /// A number from that on.
    case number(from: Int)
    /// A number above that.
    case factor(above: Int)
    /// A whole number.
    case count(ClosedRange<Int>)
    /// A whole number from 1 on, also as a float.
    case times
    /// Seconds, or a text such as `1h30m`.
    case duration
    /// `06:00`, or a date with it.
    case timeOfDay
    /// Seconds since 1970.
    case time
    case function
    /// What `start`, `spawn` and `chain` return.
    case handle
    /// A list of handles.
    case handles
    case list
    /// A table of names and values.
    case names
    /// The list of an option `sources`.
    case sources
    case word([String])
    /// A list of dates, or the name of a calendar.
    case holidays
    /// A name below `notify.targets`, or a list of names.
    case targets
    /// A kind of error, or a list of them.
    case kinds
    /// A table of options.
    case options([LibraryOption])
    /// A label with options in one table.
    case step([LibraryOption])
    /// Items of `parallel` or `chain`, with options beside them.
    case items([LibraryOption])

    /// Says what is wrong with a value; nothing where it may be right.
    ///
    /// - Parameters:
    ///   - what: how the message calls it, as `the option "max"`.
    ///   - vm: holds the tables of the value.
    func check(_ value: LuaValue, as what: String, _ vm: LuaVM) throws(ArgumentError) {
        switch self {
        case .any: break
        case .text: try require(value.text != nil, value, what)
        case .name, .label: try require(value.text?.isEmpty == false, value, what)
        case .parameterName:
            let isName = value.text.map { text in
                text.first.map { $0.isLetter || $0 == "_" } == true
                    && text.allSatisfy { $0.isLetter || $0.isNumber || "_-.".contains($0) }
            }
            try require(isName == true, value, what)
        case .boolean: if case .boolean = value {} else { throw mismatch(value, what) }
        case .number(let least): try require((value.double ?? -.infinity) >= Double(least), value, what)
        case .factor(let bound): try require((value.double ?? -.infinity) > Double(bound), value, what)
        case .count(let range):
            guard case .integer(let count) = value, range.contains(Int(count)) else { throw mismatch(value, what) }
        case .times:
            try require((value.double ?? 0) >= 1 && value.double.flatMap { Int64(exactly: $0) } != nil, value, what)
        case .duration: _ = try Duration(value, for: what)
        case .timeOfDay: try require(value.text.map(Self.isTime) == true, value, what)
        case .time: try require(value.double != nil, value, what)
        case .function: try require(value.function != nil, value, what)
        // Nothing that is written out is a handle, but a table may name a job.
        case .handle: try require(value.tableReference != nil, value, what)
        case .handles: try requireList(value, what, vm) { $0.tableReference != nil }
        case .list: try requireList(value, what, vm) { _ in true }
        case .names, .sources, .options, .step, .items: try require(value.tableReference != nil, value, what)
        case .word(let words): try require(value.text.map(words.contains) == true, value, what)
        case .holidays: if value.text == nil { try requireList(value, what, vm) { $0.text != nil } }
        case .targets: try require(!Self.targets(value, vm).isEmpty, value, what)
        case .kinds:
            let kinds = ErrorKind.allCases.map(\.rawValue)
            if let table = value.tableReference {
                for (_, kind) in vm.entries(of: table).entries {
                    try require(kind.text.map(kinds.contains) == true, kind, what)
                }
            } else {
                try require(value.text.map(kinds.contains) == true, value, what)
            }
        }
    }

    /// True for what is written out as a table.
    var takesTable: Bool {
        switch self {
        case .options, .step, .items, .handles: true
        default: false
        }
    }

    /// What it takes, behind "takes".
    package var expected: String {
        switch self {
        case .any: "anything"
        case .text: "a text"
        case .name: "a name, a text"
        case .label: "a workflow's label, a text"
        case .parameterName: "a name as --param has it, a text"
        case .boolean: "true or false"
        case .number(let least): "a number from \(least) on"
        case .factor(let bound): "a number above \(bound)"
        case .count(let range) where range.upperBound >= 1_000_000: "a whole number from \(range.lowerBound) on"
        case .count(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .times: "a whole number from 1 on"
        case .duration: "seconds or a duration such as \"90s\", \"5m\", \"1h30m\""
        case .timeOfDay: "a time such as \"06:00\" or \"2026-12-25 06:00\""
        case .time: "a time in seconds since 1970, as now() - seconds \"2h\""
        case .function: "a function"
        case .handle: "a handle of start or spawn, or a job"
        case .handles: "a list of handles"
        case .list: "a list"
        case .names: "a table of names and values"
        case .sources: "a list of tables"
        case .word(let words): words.map { "\"\($0)\"" }.joined(separator: " or ")
        case .holidays: "a list of dates, or the name of a calendar"
        case .targets: "a name below notify.targets, or a list of names"
        case .kinds: "kinds of errors"
        case .options: "a table of options"
        case .step: "a label with options, { \"label\", option = … }"
        case .items: "a list of items"
        }
    }

    /// The names that ``targets`` takes; empty for what it does not take.
    static func targets(_ value: LuaValue, _ vm: LuaVM) -> [String] {
        let values = value.tableReference.map { vm.entries(of: $0).entries.map(\.value) } ?? [value]
        let names = values.compactMap(\.text)
        return names.count == values.count && !names.contains("") ? names : []
    }

    private func mismatch(_ value: LuaValue, _ what: String) -> ArgumentError {
        ArgumentError("\(what) takes \(expected); got \(value.article)")
    }

    private func require(_ condition: Bool, _ value: LuaValue, _ what: String) throws(ArgumentError) {
        guard condition else { throw mismatch(value, what) }
    }

    private func requireList(
        _ value: LuaValue, _ what: String, _ vm: LuaVM, entry isRight: (LuaValue) -> Bool
    ) throws(ArgumentError) {
        guard let table = value.tableReference else { throw mismatch(value, what) }
        for entry in try vm.entries(of: table).list(of: what) where !isRight(entry) {
            throw ArgumentError("\(what) takes \(expected); one of its entries is \(entry.article)")
        }
    }

    /// `06:00`, or `2026-12-25 06:00`: as `deadline` reads it.
    private static func isTime(_ text: String) -> Bool {
        let parts = text.split(whereSeparator: { $0 == " " || $0 == "T" })
        guard let time = parts.last, parts.count <= 2 else { return false }
        let clock = time.split(separator: ":", omittingEmptySubsequences: false)
        guard clock.count == 2, clock[1].count == 2, let hour = Int(clock[0]), let minute = Int(clock[1]),
            (0...23).contains(hour), (0...59).contains(minute)
        else { return false }
        guard parts.count == 2 else { return true }
        let date = parts[0].split(separator: "-").compactMap { Int($0) }
        return date.count == 3 && parts[0].count == 10 && (1...12).contains(date[1]) && (1...31).contains(date[2])
    }
}
