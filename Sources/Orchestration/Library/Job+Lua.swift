import DataStudio
import LuaVM

extension Job {
    /// The job as a script sees it that did not start it.
    ///
    /// - Parameter server: its name in the configuration; `nil`: the run's own.
    func luaValue(of server: String?) -> LuaValue {
        .table(
            LuaTable(
                fields: [
                    "label": LuaValue(label),
                    "job_id": .string(id.text),
                    "state": .string(state.rawValue),
                    "server": LuaValue(server),
                    "created": created.map { .integer($0.seconds) } ?? .nil,
                    "started": started.map { .integer($0.seconds) } ?? .nil,
                    "finished": finished.map { .integer($0.seconds) } ?? .nil,
                    "details": LuaValue(details),
                ],
                metatable: .result))
    }
}
