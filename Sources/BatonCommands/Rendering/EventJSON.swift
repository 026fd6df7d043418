import DataStudio
import JSON
import Orchestration

/// The objects of `--json`; `docs/json-events.md` is their schema.
enum EventJSON {
    static func object(_ event: RunEvent, at now: Timestamp) -> JSON {
        let time = JSON.string(now.iso8601)
        return switch event {
        case .began(let script, let run, let part):
            .record([
                "event": "began", "at": time, "script": .string(script), "run": .string(run),
                "part": part == 1 ? nil : .integer(Int64(part)),
            ])
        case .phase(let name): .record(["event": "phase", "at": time, "name": .string(name)])
        case .print(let text): .record(["event": "print", "at": time, "text": .string(text)])
        case .log(let level, let text):
            .record(["event": "log", "at": time, "level": .string(level.rawValue), "text": .string(text)])
        case .line(let text): .record(["event": "line", "at": time, "text": .string(text)])
        case .lineEnded(let end):
            .record([
                "event": "line_ended", "at": time, "interrupted": end.isInterrupted ? true : nil,
                "error": end.error.map { error($0) },
            ])
        case .taskEnded(let name, _, let failure):
            .record(["event": "task_ended", "at": time, "name": .string(name), "error": failure.map { error($0) }])
        case .warning(let text): .record(["event": "warning", "at": time, "text": .string(text)])
        case .suspicion(let text): .record(["event": "suspicion", "at": time, "text": .string(text)])
        case .step(let event): step(event, time)
        case .ended(let end): ended(end, time)
        }
    }

    /// What is told beside the events of a run; with a code in the place of its end.
    static func note(_ text: String, code: Int32?) -> JSON {
        guard let code else { return .record(["event": "note", "text": .string(text)]) }
        let status: JSON = code == 6 ? "skipped" : code == 0 ? "succeeded" : "failed"
        return .record([
            "event": "ended", "status": status, "exit_code": .integer(Int64(code)), "text": .string(text),
        ])
    }

    /// The one object of a run that was not begun.
    static func refusal(_ lines: [String], code: Int32 = 64) -> JSON {
        let kind: JSON =
            switch code {
            case 4: "auth"
            case 5: "unreachable"
            case 8: "stuck"
            case 9: "journal"
            case 64: "usage"
            default: "detached"
            }
        return .record([
            "event": "ended", "status": kind, "exit_code": .integer(Int64(code)),
            "error": .record(["kind": kind, "message": .string(lines.joined(separator: "\n"))]),
        ])
    }

    private static func step(_ event: StepEvent, _ time: JSON) -> JSON {
        var members: [(String, JSON?)] = [("event", "step"), ("at", time)]
        members += description(event.step)
        switch event.change {
        case .starting: members.append(("change", "starting"))
        case .waiting(let reason): members += [("change", "waiting"), ("message", .string(reason))]
        case .accepted(let job, _): members += [("change", "accepted"), ("job_id", .string(job.text))]
        case .state(let state, let name):
            members += [("change", "state"), ("state", .string(state.rawValue)), ("server_state", .string(name))]
        case .late(let lateness):
            members += [("change", "late"), (lateness.option, .number(lateness.limit.seconds))]
        case .retrying(let text, let delay, let count):
            members += [
                ("change", "retrying"), ("message", .string(text)), ("delay", .number(delay.seconds)),
                ("retry", .integer(Int64(count))),
            ]
        case .warning(let text): members += [("change", "warning"), ("message", .string(text))]
        case .ended(let end): members += [("change", "ended")] + ending(end)
        }
        return object(members)
    }

    private static func ending(_ end: StepEnd) -> [(String, JSON?)] {
        switch end {
        case .succeeded(let result):
            [
                ("outcome", "succeeded"), ("by_hand", result.isByHand ? true : nil),
                ("state", .string(result.job.state.rawValue)),
                ("started", .string(result.started.iso8601)), ("finished", .string(result.finished.iso8601)),
                ("duration", .number(result.duration.seconds)),
                ("warnings", .array(result.warnings.map { .string($0) })),
            ]
        case .failed(let kind, let message, let duration):
            [
                ("outcome", "failed"), ("kind", .string(kind.rawValue)), ("message", .string(message)),
                ("duration", duration.map { .number($0.seconds) }),
            ]
        case .approved(let decision):
            [
                ("outcome", "approved"), ("by", .string(decision.by)), ("reason", decision.reason.map { .string($0) }),
            ]
        case .locked: [("outcome", "locked")]
        case .notStarted: [("outcome", "not_started")]
        case .leftRunning: [("outcome", "left_running")]
        case .doubtful(let reason): [("outcome", "ambiguous"), ("message", .string(reason))]
        }
    }

    private static func ended(_ end: RunEnd, _ time: JSON) -> JSON {
        object([
            ("event", "ended"), ("at", time), ("status", .string(end.status.rawValue)),
            ("exit_code", .integer(Int64(end.exitCode))), ("text", end.text.map { .string($0) }),
            ("error", end.error.map(error)),
            ("running", .array(end.running.map { object(description($0)) })),
            ("ambiguous", .array(end.doubtful.map(doubt))),
            ("not_started", .array(end.notStarted.map { .string($0) })),
            ("warnings", .array(end.warnings.map { .string($0) })),
            ("suspicions", .array(end.suspicions.map { .string($0) })),
        ])
    }

    private static func doubt(_ doubt: StepDoubt) -> JSON {
        object(
            description(doubt.step) + [
                ("candidates", .array(doubt.candidates.map { .string($0.text) })),
                ("held_by", doubt.heldBy.map { .string($0) }),
            ])
    }

    private static func error(_ error: ScriptError) -> JSON {
        object([
            ("kind", .string(error.kind.rawValue)), ("message", .string(error.message)),
            ("where", error.location.map { .string($0) }), ("label", error.label.map { .string($0) }),
            ("job_id", error.jobID.map { .string($0) }), ("state", error.state.map { .string($0) }),
            ("running", error.running == .unknown ? "unknown" : .boolean(error.running == .yes)),
            ("causes", error.causes.isEmpty ? nil : .array(error.causes.map(Self.error))),
        ])
    }

    private static func description(_ step: StepDescription) -> [(String, JSON?)] {
        [
            ("step", .integer(Int64(step.number))), ("key", .string(step.key)), ("label", .string(step.label)),
            ("name", .string(step.title)), ("phase", step.phase.map { .string($0) }),
            ("where", step.location.map { .string($0) }), ("job_id", step.jobID.map { .string($0.text) }),
            ("doubt", step.doubt.map { .string($0) }),
        ]
    }

    /// Members without a value are left out; of two with one name the first counts.
    private static func object(_ members: [(String, JSON?)]) -> JSON {
        var kept: [JSONMember] = []
        for case (let name, let value?) in members where !kept.contains(where: { $0.name == name }) {
            kept.append(JSONMember(name: name, value: value))
        }
        return .object(kept)
    }
}
