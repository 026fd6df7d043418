package import DataStudio
import JSON
import LuaVM

/// What a step came to.
package struct StepResult: Hashable, Sendable {
    /// The external label of the workflow.
    package var label: String
    /// The job as last seen, in a final state.
    package var job: Job
    /// By the server's clock where it tells, else when it was seen.
    package var started: Timestamp
    /// By the server's clock where it tells, else when the end was seen.
    package var finished: Timestamp
    /// How often the workflow was started for it, from 1.
    package var attempts: Int
    /// What a person should know about it that is no failure, in the order it came.
    package var warnings: [String]
    /// True if the job was still running after the step's `max`, or still queued after its `queue_max`.
    package var late: Bool
    /// True if it is a person who says that it is done.
    package var isByHand = false

    /// From `started` to `finished`.
    package var duration: Duration { finished - started }

    /// How long it was queued; `nil` where the server does not tell.
    var queued: Duration? {
        guard let created = job.created, let started = job.started else { return nil }
        return started - created
    }

    /// The result as a script sees it.
    var luaValue: LuaValue {
        .table(
            LuaTable(
                fields: [
                    "label": .string(label),
                    "job_id": .string(job.id.text),
                    "state": .string(job.state.rawValue),
                    "started": .integer(started.seconds),
                    "finished": .integer(finished.seconds),
                    "duration": .number(duration.seconds),
                    "attempts": .integer(Int64(attempts)),
                    "warnings": .table(LuaTable(list: warnings.map { .string($0) })),
                    "late": .boolean(late),
                    "details": LuaValue(job.details),
                ],
                metatable: .result
            ))
    }
}

extension LuaValue {
    /// JSON as Lua values. `null` is absent.
    init(_ json: JSON) {
        switch json {
        case .null: self = .nil
        case .boolean(let flag): self = .boolean(flag)
        case .integer(let number): self = .integer(number)
        case .number(let number): self = .number(number)
        case .string(let text): self = .string(text)
        case .array(let elements): self = .table(LuaTable(list: elements.map { LuaValue($0) }))
        case .object(let members):
            var table = LuaTable()
            table.entries.reserveCapacity(members.count)
            for member in members where member.value != .null {
                table.entries.append((.string(member.name), LuaValue(member.value)))
            }
            self = .table(table)
        }
    }
}
