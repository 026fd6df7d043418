import DataStudio
import LuaVM

extension Job {
    /// The job as a script sees it that did not start it.
    var luaValue: LuaValue {
        .table(
            LuaTable(
                fields: [
                    "label": LuaValue(label),
                    "job_id": .string(id.text),
                    "state": .string(state.rawValue),
                    "started": started.map { .integer($0.seconds) } ?? .nil,
                    "finished": finished.map { .integer($0.seconds) } ?? .nil,
                    "details": LuaValue(details),
                ],
                metatable: .result))
    }
}
