package import DataStudio
package import JSON

/// The form of jobs, starts and failures in the journal.
extension Job {
    var payload: JSON {
        .record([
            "id": .string(id.text),
            "label": label.map { .string($0) },
            "state": .string(state.rawValue),
            "stateName": stateName == state.rawValue ? nil : .string(stateName),
            "created": created.map { .integer($0.milliseconds) },
            "precision": createdPrecision == .milliseconds(1) ? nil : .integer(createdPrecision.milliseconds),
            "zone": createdHasZone ? nil : false,
            "started": started.map { .integer($0.milliseconds) },
            "finished": finished.map { .integer($0.milliseconds) },
            "message": message.map { .string($0) },
            "details": details,
        ])
    }

    init(payload: JSON) throws(RecordError) {
        let state: JobState = try payload.word("state")
        self.init(
            id: JobID(try payload.string("id")), label: payload["label"]?.text, state: state,
            stateName: payload["stateName"]?.text, created: payload.time("created"), started: payload.time("started"),
            finished: payload.time("finished"), message: payload["message"]?.text,
            details: payload["details"] ?? .object([]))
        if case .integer(let precision)? = payload["precision"] { createdPrecision = .milliseconds(precision) }
        createdHasZone = payload["zone"] != false
    }
}

extension WorkflowStart {
    var payload: JSON {
        .record([
            "label": .string(label),
            "space": space.map { .string($0) },
            "version": version.map { .string($0.rawValue) },
            "dependencies": dependencies.map { .string($0.rawValue) },
            "refresh": refresh.map { .boolean($0) },
            "params": parameters.isEmpty ? nil : .pairs(parameters),
            "sources": sources.isEmpty
                ? nil
                : .array(
                    sources.map {
                        .record([
                            "source": .string($0.source), "dataset": .string($0.dataset),
                            "columns": $0.columns.isEmpty ? nil : .pairs($0.columns),
                        ])
                    }),
        ])
    }

    init(payload: JSON) throws(RecordError) {
        self.init(label: try payload.string("label"), space: payload["space"]?.text)
        if payload["version"] != nil { version = try payload.word("version") }
        if payload["dependencies"] != nil { dependencies = try payload.word("dependencies") }
        if case .boolean(let refresh)? = payload["refresh"] { self.refresh = refresh }
        parameters = payload.pairs("params")
        for source in payload["sources"]?.elements ?? [] {
            sources.append(
                SourceReplacement(
                    source: try source.string("source"), dataset: try source.string("dataset"),
                    columns: source.pairs("columns")))
        }
    }
}

extension StepFailure {
    var payload: JSON { .record(["kind": .string(kind.rawValue), "message": .string(message)]) }

    init(payload: JSON) throws(RecordError) {
        self.init(kind: try payload.word("kind"), message: try payload.string("message"))
    }
}

extension JobIdentity {
    /// As it is kept.
    package var payload: JSON {
        .record([
            "id": .string(id.text), "label": label.map { .string($0) }, "user": user.map { .string($0) },
            "created": created?.firstPayload, "to": created?.lastPayload,
        ])
    }

    /// Reads what ``payload`` wrote.
    package init(payload: JSON) throws(RecordError) {
        self.init(
            JobID(try payload.string("id")), label: payload["label"]?.text, user: payload["user"]?.text,
            created: payload.times("created", "to"))
    }

    /// Reads an array of them; what is none is left out.
    package static func list(_ json: JSON?) -> [JobIdentity] {
        (json?.elements ?? []).compactMap { try? JobIdentity(payload: $0) }
    }
}

/// What the forms have in common.
extension JSON {
    static func pairs(_ parameters: [WorkflowParameter]) -> JSON {
        .object(parameters.map { JSONMember(name: $0.name, value: .string($0.value)) })
    }

    func value(_ name: String) throws(RecordError) -> JSON {
        guard let value = self[name] else { throw RecordError("it lacks \"\(name)\"") }
        return value
    }

    func string(_ name: String) throws(RecordError) -> String {
        guard let text = self[name]?.text else { throw RecordError("it lacks the text \"\(name)\"") }
        return text
    }

    func whole(_ name: String) throws(RecordError) -> Int {
        guard case .integer(let number)? = self[name] else { throw RecordError("it lacks the number \"\(name)\"") }
        return Int(clamping: number)
    }

    func word<Word: RawRepresentable>(_ name: String) throws(RecordError) -> Word where Word.RawValue == String {
        let text = try string(name)
        guard let word = Word(rawValue: text) else { throw RecordError("\"\(text)\" is no \(name)") }
        return word
    }

    /// The instants from one member to another; without the second, the first alone.
    func times(_ from: String, _ to: String) -> ClosedRange<Timestamp>? {
        time(from).map { ClosedRange(from: $0, to: time(to)) }
    }

    func time(_ name: String) -> Timestamp? {
        if case .integer(let milliseconds)? = self[name] { Timestamp(milliseconds: milliseconds) } else { nil }
    }

    func pairs(_ name: String) -> [WorkflowParameter] {
        self[name]?.members?.map { WorkflowParameter(name: $0.name, value: $0.value.text ?? "") } ?? []
    }
}

extension ClosedRange<Timestamp> {
    /// The instants between two. Without the second, or if it is earlier, the first alone.
    package init(from first: Timestamp, to last: Timestamp?) {
        self = first...Swift.max(first, last ?? first)
    }

    /// The first instant as it is kept.
    var firstPayload: JSON { .integer(lowerBound.milliseconds) }

    /// The last instant as it is kept; `nil` if it is the first as well.
    var lastPayload: JSON? { lowerBound == upperBound ? nil : .integer(upperBound.milliseconds) }
}
