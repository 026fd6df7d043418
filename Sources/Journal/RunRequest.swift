package import DataStudio
import JSON
package import Orchestration

/// A request to the process that holds a run.
package struct RunRequest: Hashable, Sendable {
    /// Unique among the requests that are there; SQLite gives the id of one that was deleted to another one.
    package let id: Int64
    /// `stop`, `cancel`, `decide` or `resolve`.
    package let verb: String
    /// What the verb needs, if it needs anything.
    package let argument: String
    /// Who wants it.
    package let by: String
    /// When it was left.
    package let at: Timestamp

    /// A request as it was left.
    package init(id: Int64, verb: String, argument: String = "", by: String, at: Timestamp) {
        self.id = id
        self.verb = verb
        self.argument = argument
        self.by = by
        self.at = at
    }

    /// The argument of `cancel` for a run whose functions of `finally` are not to run.
    package static let withoutFinally = "no-finally"

    /// The argument of `resolve`.
    package static func argument(_ key: String, _ resolution: Resolution) -> String {
        JSON.record(["key": .string(key), "resolution": resolution.payload]).jsonText
    }

    /// The argument of `decide`.
    package static func argument(_ key: String, _ decision: Decision) -> String {
        JSON.record(["key": .string(key), "decision": decision.payload]).jsonText
    }

    /// What the argument of `decide` says.
    package static func decision(_ argument: String) -> (key: String, Decision)? {
        guard let json = try? JSON(parsing: Array(argument.utf8)), let key = json["key"]?.text,
            let decision = json["decision"].flatMap({ try? Decision(payload: $0) })
        else { return nil }
        return (key, decision)
    }

    /// What the argument of `resolve` says.
    package static func resolution(_ argument: String) -> (key: String, Resolution)? {
        guard let json = try? JSON(parsing: Array(argument.utf8)), let key = json["key"]?.text,
            let resolution = json["resolution"].flatMap({ try? Resolution(payload: $0) })
        else { return nil }
        return (key, resolution)
    }
}
