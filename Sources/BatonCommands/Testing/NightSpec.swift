import BatonHost
import DataStudio
import JSON
import Orchestration
import Rehearsal
import SimulatedStudio

/// What a case says of the night it wants: the table of `test.run`.
struct NightSpec {
    /// The script's path, as it lies from where the test lies.
    let script: String
    private let members: [JSONMember]

    private static let known = [
        "params", "args", "scenario", "crashes", "resumes_after", "patience", "max_parallel", "history", "jobs",
        "files",
        "at", "zone", "cancel_at", "run_timeout", "approvals", "runs", "locks",
    ]

    /// Reads the table, which came as JSON, with the script as a member of its own.
    ///
    /// - Throws: ``Refusal`` that says what is wrong.
    init(_ json: JSON) throws(Refusal) {
        var members = json.members ?? []
        guard let place = members.firstIndex(where: { $0.name == "script" }), let script = members[place].value.text
        else {
            throw Refusal("the script is missing: test.run { \"nightly.lua\", … }")
        }
        members.remove(at: place)
        self.script = script
        for member in members where !Self.known.contains(member.name) {
            throw Refusal(
                "unknown option \"\(member.name)\"" + Spelling.suggestion(for: member.name, among: Self.known))
        }
        self.members = members
    }

    private func value(_ name: String) -> JSON? { members.first { $0.name == name }?.value }

    /// The parameters, as `--param` would give them.
    func parameters() throws(Refusal) -> [String: String] {
        var values: [String: String] = [:]
        for member in try table("params") {
            switch member.value {
            case .string(let text): values[member.name] = text
            case .integer, .number, .boolean: values[member.name] = member.value.jsonText
            default: throw Refusal("params.\(member.name) is a text, a number or a boolean")
            }
        }
        return values
    }

    /// The script's arguments.
    func arguments() throws(Refusal) -> [String] { try texts(value("args"), "args") }

    /// The server: the table has the keys of a scenario's YAML, a text is the path of one. Without one every job succeeds.
    func scenario(in folder: String) throws -> ScenarioFile {
        switch value("scenario") {
        case nil: return try ScenarioFile.read(nil)
        case .string(let path)?: return try ScenarioFile.read(path.hasPrefix("/") ? path : folder + "/" + path)
        case let table?:
            let scenario: Scenario
            do {
                // JSON is YAML.
                scenario = try Scenario(yaml: Self.withLists(table).jsonText)
            } catch {
                throw Refusal("scenario: \(error)")
            }
            return ScenarioFile(
                scenario: scenario, description: try SimulatedStudio.description(for: scenario), document: nil)
        }
    }

    /// An empty table of Lua is no list by itself.
    private static func withLists(_ scenario: JSON) -> JSON {
        let lists = ["operations", "faults"]
        return .object(
            (scenario.members ?? []).map { member in
                let isEmpty = lists.contains(member.name) && member.value.members?.isEmpty == true
                return isEmpty ? JSONMember(name: member.name, value: .array([])) : member
            })
    }

    /// Everything else.
    func apply(to plan: inout RehearsalPlan) throws(Refusal) {
        if let patience = try duration("patience") { plan.patience = patience }
        if let delay = try duration("resumes_after") { plan.resumesAfter = delay }
        plan.cancelledAt = try duration("cancel_at")
        plan.runTimeout = try duration("run_timeout")
        if let count = value("max_parallel") {
            guard case .integer(let count) = count, count >= 1 else {
                throw Refusal("max_parallel takes a whole number from 1 on")
            }
            plan.maxParallel = Int(count)
        }
        switch value("crashes") {
        case nil: break
        case .string("everywhere")?: plan.crashes = .everywhere
        case let list?:
            var times: [Duration] = []
            for time in list.elements ?? [] { times.append(try Self.duration(time, "crashes")) }
            guard list.elements != nil || list.members?.isEmpty == true else {
                throw Refusal("crashes takes \"everywhere\" or a list of durations since the beginning")
            }
            plan.crashes = .at(times)
        }
        for member in try table("jobs") {
            guard let state = member.value.text.flatMap({ JobState(rawValue: $0) }) else {
                throw Refusal(
                    "jobs.\(member.name) takes \(JobState.allCases.map(\.rawValue).joined(separator: " or "))")
            }
            plan.earlierJobs[member.name] = state
        }
        if let runs = value("runs") { plan.runs = try Self.runs(runs, at: plan.began) }
        for member in try table("approvals") {
            switch member.value.text {
            case "approve": plan.decisions[member.name] = true
            case "reject": plan.decisions[member.name] = false
            case "nobody": plan.decisions[member.name] = .some(nil)
            default: throw Refusal("approvals.\(member.name) takes \"approve\", \"reject\" or \"nobody\"")
            }
        }
        for member in try table("locks") {
            plan.locks[member.name] = try Self.duration(member.value, "locks.\(member.name)")
        }
        for member in try table("history") {
            var steps: [PastStep] = []
            guard member.value.elements != nil || member.value.members?.isEmpty == true else {
                throw Refusal("history.\(member.name) takes a list of durations")
            }
            for (index, entry) in (member.value.elements ?? []).enumerated() {
                let duration = try Self.duration(entry, "history.\(member.name)")
                let began = plan.began + .seconds(-86_400 * (index + 1))
                steps.append(PastStep(started: began, duration: duration, state: .completed))
            }
            plan.history[member.name] = steps
        }
        for member in try table("files") {
            for field in member.value.members ?? [] where !["size", "modified", "appears"].contains(field.name) {
                throw Refusal(
                    "files: \"\(member.name)\" has size, modified and appears; \(field.name) is unknown")
            }
            if let after = member.value["appears"] {
                plan.filesAppear[member.name] = try Self.duration(after, "files: appears of \"\(member.name)\"")
            }
            guard let size = member.value["size"], case .integer(let bytes) = size else {
                throw Refusal("files: \"\(member.name)\" has a size in bytes, and modified in seconds since 1970")
            }
            var modified = plan.began + (plan.filesAppear[member.name] ?? .zero)
            if let value = member.value["modified"] {
                guard case .integer(let seconds) = value, seconds.magnitude < 100_000_000_000 else {
                    throw Refusal("files: modified of \"\(member.name)\" is a time in whole seconds since 1970")
                }
                modified = Timestamp(milliseconds: seconds * 1000)
            }
            plan.files[member.name] = FileStatus(size: bytes, modified: modified)
        }
    }

    /// The time zone of the night; UTC unless it says otherwise.
    func zone() throws(Refusal) -> ZoneRules {
        do {
            return try ZoneDatabase().zone(named: value("zone")?.text ?? "UTC")
        } catch {
            throw Refusal("zone: \(error)")
        }
    }

    /// When it begins, in its zone; a Sunday evening in March unless it says otherwise.
    func began(in zone: ZoneRules) throws(Refusal) -> Timestamp {
        guard let at = value("at") else { return RehearsalPlan.usualBeginning }
        guard let text = at.text,
            let time = Timestamp(localTime: text, now: RehearsalPlan.usualBeginning, in: zone)
        else {
            throw Refusal("at takes a time such as \"22:00\" or \"2026-12-25 22:00\"")
        }
        return time
    }

    /// The runs of before, newest first, as the list has them.
    private static func runs(_ list: JSON, at began: Timestamp) throws(Refusal) -> [PastRun] {
        var runs: [PastRun] = []
        for entry in list.elements ?? [] {
            guard let script = entry["script"]?.text, let state = entry["state"]?.text,
                RunMachine.runStates.contains(state)
            else {
                throw Refusal(
                    "runs takes a list of { script =, state =, date =, key = }; a state is one of "
                        + RunMachine.runStates.joined(separator: ", "))
            }
            let date = entry["date"]?.text ?? String(began.iso8601.prefix(10))
            var run = PastRun(
                id: "earlier\(runs.count + 1)", path: script, script: script, date: date,
                began: began + .seconds(-60 * (runs.count + 1)), state: state)
            run.key = entry["key"]?.text
            runs.append(run)
        }
        return runs
    }

    // MARK: Values

    private func table(_ name: String) throws(Refusal) -> [JSONMember] {
        guard let value = value(name) else { return [] }
        guard let members = value.members else { throw Refusal("\(name) takes a table of names and values") }
        return members
    }

    private func texts(_ value: JSON?, _ name: String) throws(Refusal) -> [String] {
        guard let value, value.members?.isEmpty != true else { return [] }
        guard let list = value.elements, list.allSatisfy({ $0.text != nil }) else {
            throw Refusal("\(name) takes a list of texts")
        }
        return list.compactMap(\.text)
    }

    private func duration(_ name: String) throws(Refusal) -> Duration? {
        guard let value = value(name) else { return nil }
        return try Self.duration(value, name)
    }

    private static func duration(_ value: JSON, _ name: String) throws(Refusal) -> Duration {
        let text = value.text ?? value.jsonText
        guard let duration = Duration(text: text) else {
            throw Refusal(
                "\(name) takes seconds or a duration such as \"90s\", \"5m\", \"1h30m\"; got \(value.jsonText)")
        }
        return duration
    }
}
