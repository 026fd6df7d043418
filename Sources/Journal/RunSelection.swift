package import DataStudio
import GRDB
package import Orchestration

/// Which runs of a journal are meant; without anything, all.
package struct RunSelection: Hashable, Sendable {
    /// That began then or later.
    package var since: Timestamp?
    /// Whose script, by name or path, is this one.
    package var script: String?
    /// Of that fate only.
    package var fate: RunFate?
    /// Of those that have ended, only the ones that ended so.
    package var status: RunStatus?
    /// That have begun to start this workflow.
    package var workflow: String?
    /// On this server of the configuration.
    package var server: String?

    /// Runs that have begun to start a workflow, and runs on a server; `nil`: whichever.
    package init(workflow: String? = nil, server: String? = nil) {
        self.workflow = workflow
        self.server = server
    }

    /// All but the script, which has several names, as expressions of SQL.
    var conditions: ([String], StatementArguments) {
        var conditions = fate.map { ["fate = '\($0.rawValue)'"] } ?? []
        var arguments: StatementArguments = []
        if let status {
            conditions.append("status = ?")
            arguments += [status.rawValue]
        }
        if let since {
            conditions.append("began >= ?")
            arguments += [since.milliseconds]
        }
        if let server {
            conditions.append("server = ?")
            arguments += [server]
        }
        if let workflow {
            conditions.append("EXISTS (SELECT 1 FROM attempts WHERE run = runs.id AND label = ?)")
            arguments += [workflow]
        }
        return (conditions, arguments)
    }
}
