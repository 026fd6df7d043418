import DataStudio
import LuaVM

/// Other runs of the journal.
extension RunMachine {
    private static let mostRuns = 1000

    /// The words for how a run stands, as `baton runs` has them.
    package static let runStates =
        ["waiting", "running", "interrupted", "held", "abandoned"]
        + RunStatus.allCases.filter { !$0.isInterruption }.map(\.rawValue)

    /// `runs { script =, key =, date =, since =, state =, limit = }`, and what `wait_for_run` is made of.
    func runs(_ request: LuaRequest, _ caller: NodeID, isAwaited: Bool) throws(ArgumentError) {
        var query = RunQuery()
        query.isAwaited = isAwaited
        let known = ["script", "key", "date", "since", "state", "limit"]
        for (name, value) in request.argument(0).isNil ? [] : try fields(request.argument(0)) {
            func mismatch(_ expected: String) -> ArgumentError {
                ArgumentError("the option \"\(name)\" takes \(expected); got \(value.article)")
            }
            func text() throws(ArgumentError) -> String {
                guard let text = value.text, !text.isEmpty else { throw mismatch("a text") }
                return text
            }
            switch name {
            case "script": query.script = try text()
            case "key": query.key = try text()
            case "date":
                query.date = try text()
                guard CivilTime.day(query.date ?? "") != nil else {
                    throw mismatch("a date such as 2026-12-25")
                }
            case "state":
                query.state = try text()
                guard Self.runStates.contains(query.state ?? "") else {
                    throw mismatch(Self.runStates.map { "\"\($0)\"" }.joined(separator: " or "))
                }
            case "since":
                guard let seconds = value.double, abs(seconds) < 1e11 else {
                    throw mismatch("a time in seconds since 1970, as now() - seconds \"2h\"")
                }
                query.since = Timestamp(milliseconds: Int64(seconds * 1000))
            case "limit":
                guard case .integer(let limit) = value, (1...Int64(Self.mostRuns)).contains(limit) else {
                    throw mismatch("a whole number from 1 to \(Self.mostRuns)")
                }
                query.limit = Int(limit)
            default: throw ArgumentError.unknownOption(name, among: known)
            }
        }
        ask(
            .call(request.token, request.location, .runs),
            key: nextKey(isAwaited ? "runs_awaited" : "runs", in: caller), server: nil, .runs(query))
    }
}

extension PastRun {
    var luaValue: LuaValue {
        .table(
            LuaTable(fields: [
                "id": .string(id), "script": .string(script), "path": .string(path), "key": LuaValue(key),
                "date": .string(date), "began": .integer(began.seconds),
                "ended": ended.map { .integer($0.seconds) } ?? .nil, "state": .string(state),
                "params": .table(
                    LuaTable(
                        entries: parameters.sorted { $0.key < $1.key }.map { (.string($0.key), .string($0.value)) })),
            ]))
    }
}
