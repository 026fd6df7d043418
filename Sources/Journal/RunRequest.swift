import DataStudio
package import Orchestration

/// A request to the process that holds a run.
package struct RunRequest: Hashable, Sendable {
    /// `stop`, `cancel` or `resolve`.
    package let verb: String
    /// What the verb needs, if it needs anything.
    package let argument: String
    /// Who wants it.
    package let by: String

    /// The argument of `resolve`.
    package static func argument(_ key: String, _ resolution: Resolution) -> String {
        if case .adopt(let job) = resolution { return "\(key) adopt \(job)" }
        return "\(key) \(resolution.word)"
    }

    /// What the argument of `resolve` says.
    package static func resolution(_ argument: String) -> (key: String, Resolution)? {
        let parts = argument.split(separator: " ", maxSplits: 2).map(String.init)
        switch parts.dropFirst().first {
        case "adopt" where parts.count == 3: return (parts[0], .adopt(JobID(parts[2])))
        case "restart": return (parts[0], .restart)
        case "done": return (parts[0], .done)
        case "fail": return (parts[0], .fail)
        default: return nil
        }
    }
}
