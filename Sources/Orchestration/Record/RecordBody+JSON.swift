import DataStudio
package import JSON

/// The form of a record's body in the journal. The texts of a run's scripts are kept elsewhere.
extension RecordBody {
    /// The body without its kind.
    package var payload: JSON {
        switch self {
        case .began(let beginning): beginning.payload
        case .intent(let intent): intent.payload
        case .void(let reason): .record(["reason": .string(reason)])
        case .accepted(let acceptance): acceptance.payload
        case .ambiguous(let ambiguity):
            .record(["reason": .string(ambiguity.reason), "candidates": .array(ambiguity.candidates.map(\.payload))])
        case .resolved(let resolution, let by):
            .record(["resolution": resolution.payload, "by": .string(by)])
        case .settled(.finished(let job)): .record(["job": job.payload])
        case .settled(.failed(let failure)): .record(["failed": failure.payload])
        case .answered(let answer): answer.payload
        case .fired(let purpose, let state):
            .record(["purpose": .string(purpose.rawValue), "state": state.map { .string($0.rawValue) }])
        case .stopping(let by, let runsFinally):
            .record(["by": .string(by), "finally": runsFinally ? nil : .boolean(false)])
        case .line(let text): .record(["text": .string(text)])
        case .expired(let limit): .record(["after": .integer(limit.milliseconds)])
        case .limited(let reason): .record(["reason": .string(reason)])
        case .restarted: .object([])
        case .resumed: .object([])
        case .retried(let retrial): retrial.payload
        case .ended(let status): .record(["status": .string(status.rawValue)])
        }
    }

    /// Reads what ``payload`` wrote.
    ///
    /// - Throws: for what no version up to this one wrote.
    package init(kind: String, payload: JSON) throws(RecordError) {
        switch kind {
        case "began": self = .began(try RunBeginning(payload: payload))
        case "intent": self = .intent(try Intent(payload: payload))
        case "void": self = .void(reason: try payload.string("reason"))
        case "accepted": self = .accepted(try Acceptance(payload: payload))
        case "ambiguous":
            self = .ambiguous(
                Ambiguity(
                    reason: try payload.string("reason"),
                    candidates: JobIdentity.list(payload["candidates"])))
        case "resolved":
            self = .resolved(try Resolution(payload: try payload.value("resolution")), by: try payload.string("by"))
        case "settled":
            if let job = payload["job"] {
                self = .settled(.finished(try Job(payload: job)))
            } else {
                self = .settled(.failed(try StepFailure(payload: try payload.value("failed"))))
            }
        case "answered": self = .answered(try Answer(payload: payload))
        case "fired":
            self = .fired(
                try payload.word("purpose"), state: payload["state"] == nil ? nil : try payload.word("state"))
        case "stopping":
            self = .stopping(
                by: try payload.string("by"), runsFinally: payload["finally"] != .boolean(false))
        case "line": self = .line(try payload.string("text"))
        case "restarted": self = .restarted
        case "limited": self = .limited(try payload.string("reason"))
        case "expired": self = .expired(after: .milliseconds(Int64(try payload.whole("after"))))
        case "resumed": self = .resumed
        case "retried": self = .retried(try Retrial(payload: payload))
        case "ended": self = .ended(try payload.word("status"))
        default: throw RecordError("it is of the unknown kind \"\(kind)\"")
        }
    }
}

extension RunPart {
    /// The part as the record of its beginning has it.
    package var payload: JSON {
        .record(["number": .integer(Int64(number)), "state": state.map { .string($0) }])
    }

    /// Reads what ``payload`` wrote.
    package init(payload: JSON) throws(RecordError) {
        self.init(number: Int(try payload.whole("number")), state: payload["state"]?.text)
    }
}

extension RunBeginning {
    fileprivate var payload: JSON {
        .record([
            "run": .string(run),
            "script": .string(script),
            "arguments": arguments.isEmpty ? nil : .array(arguments.map { .string($0) }),
            "seed": .string(String(seed)),
            "zone": zone.map { .string($0) },
            "date": date.map { .string($0) },
            "zone_data": zoneData.map { .string($0) },
            "calendars": calendars.isEmpty
                ? nil
                : .object(
                    calendars.sorted { $0.key < $1.key }.map { JSONMember(name: $0.key, value: $0.value.payload) }),
            "space": space.map { .string($0) },
            "spaces": spaces.isEmpty
                ? nil
                : .object(
                    spaces.sorted { $0.key < $1.key }.map { name, space in
                        JSONMember(name: name, value: space.map { .string($0) } ?? .null)
                    }),
            "servers": identities.isEmpty
                ? nil
                : .object(
                    identities.sorted { $0.key < $1.key }.map { JSONMember(name: $0.key, value: .string($0.value)) }),
            "server": server.map { .string($0) },
            "newest": newest.isEmpty
                ? nil
                : .object(newest.sorted { $0.key < $1.key }.map { JSONMember(name: $0.key, value: $0.value.payload) }),
            "parameters": parameters.isEmpty ? nil : Answer.record(parameters),
            "secrets": secrets.isEmpty ? nil : .array(secrets.map { .string($0) }),
            "defaults": defaults.isEmpty ? nil : Answer.record(defaults),
            "session": isSession ? true : nil,
            "part": part.number == 1 ? nil : part.payload,
            "replay": .integer(Int64(replayVersion)),
        ])
    }

    fileprivate init(payload: JSON) throws(RecordError) {
        guard let seed = UInt64(try payload.string("seed")) else { throw RecordError("its seed is no number") }
        self.init(script: try payload.string("script"), text: "", seed: seed)
        run = payload["run"]?.text ?? ""
        for member in payload["servers"]?.members ?? [] { identities[member.name] = member.value.text }
        server = payload["server"]?.text
        for member in payload["newest"]?.members ?? [] { newest[member.name] = try JobIdentity(payload: member.value) }
        parameters = Answer.texts(payload["parameters"])
        secrets = payload["secrets"]?.elements?.compactMap(\.text) ?? []
        defaults = Answer.texts(payload["defaults"])
        arguments = payload["arguments"]?.elements?.compactMap(\.text) ?? []
        zone = payload["zone"]?.text
        date = payload["date"]?.text
        zoneData = payload["zone_data"]?.text
        for member in payload["calendars"]?.members ?? [] {
            calendars[member.name] = try WorkCalendar(payload: member.value)
        }
        space = payload["space"]?.text
        for member in payload["spaces"]?.members ?? [] { spaces[member.name] = .some(member.value.text) }
        isSession = payload["session"] == true
        part = try payload["part"].map { json throws(RecordError) in try RunPart(payload: json) } ?? RunPart()
        if case .integer(let version)? = payload["replay"] { replayVersion = Int(version) }
    }
}

extension Intent {
    fileprivate var payload: JSON {
        let request: (String, JSON) =
            switch request {
            case .start(let start): ("start", start.payload)
            case .once(let query): ("once", query.payload)
            }
        let members: JSON = .record([
            "server": server.map { .string($0) },
            "title": .string(title),
            "location": location.map { .string($0) },
            "gate": gate.map { .string($0) },
            "serverTime": serverTime.map { .integer($0.milliseconds) },
            "evidence": evidence == StartEvidence() ? nil : evidence.payload,
        ])
        return .object([JSONMember(name: request.0, value: request.1)] + (members.members ?? []))
    }

    fileprivate init(payload: JSON) throws(RecordError) {
        if let start = payload["start"] {
            request = .start(try WorkflowStart(payload: start))
        } else {
            request = .once(try Query(payload: try payload.value("once")))
        }
        server = payload["server"]?.text
        title = try payload.string("title")
        location = payload["location"]?.text
        gate = payload["gate"]?.text
        serverTime = payload.time("serverTime")
        evidence = payload["evidence"].map { StartEvidence(payload: $0) } ?? StartEvidence()
    }
}

extension StartEvidence {
    fileprivate var payload: JSON {
        .record([
            "user": user.map { .string($0) },
            "proven": isUserProven ? true : nil,
            "key": key.map { .string($0) },
            "newest": newest?.payload,
            "known": known.isEmpty ? nil : .array(known.map(\.payload)),
            "listed": isListed ? true : nil,
            "boot": boot.map { .string($0.boot) },
            "elapsed": boot.map { .integer($0.elapsed.milliseconds) },
            "bounded": isBounded ? nil : false,
        ])
    }

    fileprivate init(payload: JSON) {
        self.init()
        user = payload["user"]?.text
        isUserProven = payload["proven"] == true
        key = payload["key"]?.text
        newest = payload["newest"].flatMap { try? JobIdentity(payload: $0) }
        known = JobIdentity.list(payload["known"])
        isListed = payload["listed"] == true
        if let name = payload["boot"]?.text, case .integer(let elapsed)? = payload["elapsed"] {
            boot = BootInstant(boot: name, elapsed: .milliseconds(elapsed))
        }
        isBounded = payload["bounded"] != false
    }
}

extension Acceptance {
    fileprivate var payload: JSON {
        let (evidence, person): (String?, String?) =
            switch source {
            case .reply: (nil, nil)
            case .adopted(let evidence): (evidence, nil)
            case .person(let name): (nil, name)
            }
        return .record([
            "job": .string(job.text),
            "created": created?.firstPayload, "to": created?.lastPayload,
            "user": user.map { .string($0) },
            "serverTime": serverTime.map { .integer($0.milliseconds) },
            "adopted": evidence.map { .string($0) },
            "by": person.map { .string($0) },
        ])
    }

    fileprivate init(payload: JSON) throws(RecordError) {
        self.init(
            job: JobID(try payload.string("job")), created: payload.times("created", "to"),
            serverTime: payload.time("serverTime"))
        user = payload["user"]?.text
        if let evidence = payload["adopted"]?.text { source = .adopted(evidence: evidence) }
        if let person = payload["by"]?.text { source = .person(person) }
    }
}

extension Resolution {
    /// The option of `baton resolve`.
    package var word: String {
        switch self {
        case .adopt: "adopt"
        case .restart: "restart"
        case .done: "done"
        case .fail: "fail"
        }
    }

    /// As it is kept.
    package var payload: JSON {
        var job: JobIdentity?
        if case .adopt(let adopted) = self { job = adopted }
        return .record(["as": .string(word), "job": job?.payload])
    }

    /// Reads what ``payload`` wrote.
    package init(payload: JSON) throws(RecordError) {
        switch try payload.string("as") {
        case "adopt": self = .adopt(try JobIdentity(payload: try payload.value("job")))
        case "restart": self = .restart
        case "done": self = .done
        case "fail": self = .fail
        case let word: throw RecordError("nobody can resolve a step as \"\(word)\"")
        }
    }
}

extension Retrial {
    fileprivate var payload: JSON {
        func strings(_ texts: [String]) -> JSON? { texts.isEmpty ? nil : .array(texts.map { .string($0) }) }
        return .record([
            "by": .string(by),
            "void": .array(void.map { .integer(Int64($0)) }),
            "revision": isRevision ? true : nil,
            "parameters": parameters.isEmpty ? nil : Answer.record(parameters),
            "again": strings(again),
            "waits": strings(waits),
            "done": strings(done),
            "adopted": adopted.isEmpty
                ? nil
                : .object(
                    adopted.sorted { $0.key < $1.key }.map { JSONMember(name: $0.key, value: $0.value.payload) }),
            "ending": ending.map { .string($0) },
        ])
    }

    fileprivate init(payload: JSON) throws(RecordError) {
        func strings(_ name: String) -> [String] { payload[name]?.elements?.compactMap(\.text) ?? [] }
        self.init(by: try payload.string("by"))
        for case .integer(let sequence) in payload["void"]?.elements ?? [] { void.append(Int(sequence)) }
        isRevision = payload["revision"] == true
        parameters = Answer.texts(payload["parameters"])
        ending = payload["ending"]?.text
        again = strings("again")
        waits = strings("waits")
        done = strings("done")
        for member in payload["adopted"]?.members ?? [] {
            adopted[member.name] = try JobIdentity(payload: member.value)
        }
    }
}
