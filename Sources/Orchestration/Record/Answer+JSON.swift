import DataStudio
import JSON

/// The form of answers and questions in the journal.
extension Answer {
    var payload: JSON {
        switch self {
        case .job(let job): .record(["job": job?.payload ?? .null])
        case .jobs(let jobs): .record(["jobs": .array(jobs.map(\.payload))])
        case .workflows(let workflows):
            .record([
                "workflows": .array(
                    workflows.map {
                        .record([
                            "label": .string($0.label), "name": $0.name.map { .string($0) },
                            "space": $0.space.map { .string($0) }, "details": $0.details,
                        ])
                    })
            ])
        case .spaces(let spaces):
            .record([
                "spaces": .array(
                    spaces.map {
                        .record([
                            "label": .string($0.label), "name": $0.name.map { .string($0) }, "details": $0.details,
                        ])
                    })
            ])
        case .dataset(let dataset):
            .record([
                "dataset": .record([
                    "label": .string(dataset.label), "state": dataset.state.map { .string($0.rawValue) },
                    "stateName": dataset.stateName.map { .string($0) },
                    "refreshed": dataset.refreshed.map { .integer($0.milliseconds) }, "details": dataset.details,
                ])
            ])
        case .history(let steps):
            .record([
                "history": .array(
                    steps.map {
                        .record([
                            "started": .integer($0.started.milliseconds),
                            "duration": .integer($0.duration.milliseconds),
                            "state": .string($0.state.rawValue),
                        ])
                    })
            ])
        case .cancelled(let isCancelled, let reason):
            .record(["cancelled": .boolean(isCancelled), "reason": .string(reason)])
        case .http(let reply):
            .record([
                "http": .record([
                    "status": .integer(Int64(reply.status)), "headers": Self.record(reply.headers),
                    "body": .string(reply.body),
                ])
            ])
        case .file(let status):
            .record([
                "file": status.map {
                    .record(["size": .integer($0.size), "modified": .integer($0.modified.milliseconds)])
                } ?? .null
            ])
        case .files(let files):
            .record([
                "files": .array(
                    files.map {
                        .record([
                            "path": .string($0.path), "size": .integer($0.status.size),
                            "modified": .integer($0.status.modified.milliseconds),
                        ])
                    })
            ])
        case .runs(let runs): .record(["runs": .array(runs.map(\.payload))])
        case .decision(let decision): .record(["decision": decision.payload])
        case .done: .record(["done": true])
        case .doubtful(let reason): .record(["doubtful": .string(reason)])
        case .failed(let failure): .record(["failed": failure.payload])
        }
    }

    init(payload: JSON) throws(RecordError) {
        guard let member = payload.members?.first else { throw RecordError("it holds no answer") }
        let value = member.value
        switch member.name {
        case "job": self = .job(value == .null ? nil : try Job(payload: value))
        case "jobs":
            var jobs: [Job] = []
            for job in value.elements ?? [] { jobs.append(try Job(payload: job)) }
            self = .jobs(jobs)
        case "workflows":
            var workflows: [Workflow] = []
            for json in value.elements ?? [] {
                workflows.append(
                    Workflow(
                        label: try json.string("label"), name: json["name"]?.text, space: json["space"]?.text,
                        details: json["details"] ?? .null))
            }
            self = .workflows(workflows)
        case "spaces":
            var spaces: [Space] = []
            for json in value.elements ?? [] {
                spaces.append(
                    Space(
                        label: try json.string("label"), name: json["name"]?.text, details: json["details"] ?? .null))
            }
            self = .spaces(spaces)
        case "dataset":
            self = .dataset(
                Dataset(
                    label: try value.string("label"), state: value["state"] == nil ? nil : try value.word("state"),
                    stateName: value["stateName"]?.text, refreshed: value.time("refreshed"),
                    details: value["details"] ?? .null))
        case "history":
            var steps: [PastStep] = []
            for json in value.elements ?? [] {
                guard let started = json.time("started"), let duration = json.time("duration") else {
                    throw RecordError("an earlier step has no times")
                }
                steps.append(
                    PastStep(
                        started: started, duration: .milliseconds(duration.milliseconds), state: try json.word("state"))
                )
            }
            self = .history(steps)
        case "cancelled": self = .cancelled(value == .boolean(true), reason: try payload.string("reason"))
        case "http":
            self = .http(
                HTTPReply(
                    status: try value.whole("status"), headers: Self.texts(value["headers"]),
                    body: try value.string("body")))
        case "file":
            guard value != .null else {
                self = .file(nil)
                return
            }
            self = .file(try FileStatus(payload: value))
        case "files":
            var files: [FoundFile] = []
            for json in value.elements ?? [] {
                files.append(FoundFile(path: try json.string("path"), status: try FileStatus(payload: json)))
            }
            self = .files(files)
        case "runs":
            var runs: [PastRun] = []
            for json in value.elements ?? [] { runs.append(try PastRun(payload: json)) }
            self = .runs(runs)
        case "decision": self = .decision(try Decision(payload: value))
        case "done": self = .done
        case "doubtful": self = .doubtful(value.text ?? "")
        case "failed": self = .failed(try StepFailure(payload: value))
        default: throw RecordError("it holds the unknown answer \"\(member.name)\"")
        }
    }
}

extension FileStatus {
    fileprivate init(payload: JSON) throws(RecordError) {
        guard case .integer(let size)? = payload["size"], let modified = payload.time("modified") else {
            throw RecordError("a file has no size or time")
        }
        self.init(size: size, modified: modified)
    }
}

extension Answer {
    static func record(_ texts: [String: String]) -> JSON {
        .object(texts.sorted { $0.key < $1.key }.map { JSONMember(name: $0.key, value: .string($0.value)) })
    }

    static func texts(_ json: JSON?) -> [String: String] {
        Dictionary((json?.members ?? []).map { ($0.name, $0.value.text ?? "") }) { _, last in last }
    }
}

extension Query {
    var payload: JSON {
        switch self {
        case .http(let call):
            .record([
                "http": .record([
                    "method": .string(call.method), "url": .string(call.url), "headers": Answer.record(call.headers),
                    "body": call.body.map { .string($0) },
                ])
            ])
        case .executeSchedule(let label): .record(["executeSchedule": .string(label)])
        // No other question is recorded before it is asked.
        default: .record(["question": .string("\(self)")])
        }
    }

    init(payload: JSON) throws(RecordError) {
        guard let call = payload["http"] else {
            self = .executeSchedule(label: try payload.string("executeSchedule"))
            return
        }
        self = .http(
            HTTPCall(
                method: try call.string("method"), url: try call.string("url"), headers: Answer.texts(call["headers"]),
                body: call["body"]?.text))
    }
}
