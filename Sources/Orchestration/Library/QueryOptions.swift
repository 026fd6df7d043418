import DataStudio
import LuaVM

/// The options of questions to a server.
struct QueryOptions {
    /// A configured server's name; `nil`: the run's own.
    var server: String?
    /// Of `studio.jobs`.
    var filter = JobFilter()

    /// Reads a table of options, or nothing.
    ///
    /// - Parameters:
    ///   - known: the names that the function takes.
    ///   - usual: the server unless they name one; `nil`: the run's own.
    init(
        _ value: LuaValue, known: [String], usual: String?, _ vm: LuaVM, _ configuration: RunConfiguration
    ) throws(ArgumentError) {
        server = usual
        if value.isNil { return }
        guard let table = value.tableReference else { throw ArgumentError("options are a table; got \(value.article)") }
        for (key, value) in vm.entries(of: table).entries {
            let name = try key.optionName()
            guard known.contains(name) else { throw ArgumentError.unknownOption(name, among: known) }
            try set(name, value)
        }
        if let server, configuration.beginning.spaces[server] == nil {
            throw .unknownServer(server, among: configuration.beginning.spaces.keys)
        }
    }

    private mutating func set(_ name: String, _ value: LuaValue) throws(ArgumentError) {
        func mismatch(_ expected: String) -> ArgumentError {
            ArgumentError("the option \"\(name)\" takes \(expected); got \(value.article)")
        }
        switch name {
        case "limit":
            guard case .integer(let limit) = value, (1...100_000).contains(limit) else {
                throw mismatch("a whole number from 1 to 100000")
            }
            filter.limit = Int(limit)
        case "since":
            switch value {
            case .integer(let seconds) where seconds.magnitude < 100_000_000_000:
                filter.since = Timestamp(milliseconds: seconds * 1000)
            case .number(let seconds) where abs(seconds) < 1e11:
                filter.since = Timestamp(milliseconds: Int64(seconds * 1000))
            default: throw mismatch("a time in seconds since 1970, as now() - seconds \"2h\"")
            }
        case "state":
            guard let state = value.text.flatMap(JobState.init(rawValue:)) else {
                throw mismatch(JobState.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: " or "))
            }
            filter.state = state
        default:
            guard let text = value.text, !text.isEmpty else { throw mismatch("a text") }
            if name == "server" { server = text } else { filter.label = text }
        }
    }
}
