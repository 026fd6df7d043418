import DataStudio
import JSON
import LuaVM

/// Holding another text of a script against a recorded run.
extension RunMachine {
    /// Goes through a log with both texts side by side.
    ///
    /// - Parameters:
    ///   - log: of a run, from `began`.
    ///   - observe: told what the other text tells people on the way, and what the recorded one did.
    /// - Returns: the first place where the other text asks for something else; `nil` if there is none.
    /// - Throws: ``ReplayError`` if the recorded script does not follow its own log.
    package static func departure(
        from log: [Record], of configuration: RunConfiguration, with other: RunConfiguration,
        observe: @escaping (_ isRecorded: Bool, RunEvent) -> Void = { _, _ in }
    ) throws -> ScriptDeparture? {
        guard let first = log.first else { return nil }
        let former = try RunMachine(configuration, at: first.at)
        let machine = try RunMachine(other, at: first.at)
        former.observe = { event, _ in observe(true, event) }
        machine.observe = { event, _ in observe(false, event) }
        let void = voidSequences(of: log)
        for machine in [former, machine] {
            machine.isReplaying = true
            machine.context.now = first.at
            machine.beginScript()
        }
        func departure(_ count: Int, _ at: Timestamp, _ message: String, _ recorded: String?, _ current: String?)
            -> ScriptDeparture
        {
            ScriptDeparture(records: count, at: at, message: message, recorded: recorded, current: current)
        }
        if let difference = machine.difference(from: former) {
            return departure(1, first.at, difference.message, difference.recorded, difference.current)
        }
        for (index, record) in log.enumerated().dropFirst() {
            former.lastRecord = record.sequence
            machine.lastRecord = record.sequence
            guard !void.contains(record.sequence) else {
                former.pass(record)
                machine.pass(record)
                continue
            }
            guard machine.waitsAsDoes(former, for: record) else {
                return departure(
                    index, record.at, "the run waited for something else as \(record.key) than the script does",
                    former.standing, machine.standing)
            }
            do throws(ReplayError) {
                try machine.take(record)
            } catch {
                return departure(
                    index, record.at, error.message, error.recorded ?? former.standing,
                    error.current ?? machine.standing)
            }
            try former.take(record)
            if let difference = machine.difference(from: former) {
                return departure(index + 1, record.at, difference.message, difference.recorded, difference.current)
            }
        }
        return nil
    }

    private typealias Difference = (message: String, recorded: String?, current: String?)

    /// What this machine asks for now that the other does not, or the reverse.
    private func difference(from former: RunMachine) -> Difference? {
        let (own, others) = (asked, former.asked)
        for (key, there) in others.sorted(by: { $0.key < $1.key }) {
            guard let here = own[key] else {
                let way =
                    way.map { ": it has ended \($0.text)" } ?? own.first.map { ", but for \($0.value.text)" } ?? ""
                return ("the run asks for \(there.text), and the script does not\(way)", there.line, standing)
            }
            if here.text != there.text {
                return ("the run asks for \(there.text), and the script for \(here.text)", there.line, here.line)
            }
        }
        if let (_, here) = own.sorted(by: { $0.key < $1.key }).first(where: { others[$0.key] == nil }) {
            return ("the script asks for \(here.text), and the run did not", former.standing, here.line)
        }
        switch (former.way, way) {
        case (nil, nil): return nil
        case (nil, _?): return ("the script is over, and the run went on", former.standing, nil)
        case (_?, nil): return ("the run was over, and the script goes on", nil, standing)
        case (let there?, let here?):
            return there.text == here.text
                ? nil : ("the run ended \(there.text); the script ends \(here.text)", there.line, here.line)
        }
    }

    /// Where it is.
    private var standing: String? { line ?? waitingPlaces.first }

    /// How the script ended; `nil` while it goes on.
    private var way: (text: String, line: String?)? {
        let error = requestedEnd?.error ?? outcome?.failure
        if let error { return ("with an error, \(error.message)", error.location) }
        if let end = requestedEnd { return (end.status.rawValue + (end.text.map { ", \($0)" } ?? ""), nil) }
        return outcome == nil ? nil : ("well", nil)
    }

    /// What is asked for and not answered, by key.
    private var asked: [String: (text: String, line: String?)] {
        var asked: [String: (text: String, line: String?)] = [:]
        for id in startsInFlight {
            guard let step = steps[id], let node = nodes[id] else { continue }
            let start = start(of: step)
            let on = step.server.map { " on \($0)" } ?? ""
            // What only has a label is told by that.
            let isPlain = start == WorkflowStart(label: start.label, space: start.space)
            let with = isPlain ? "" : " with \(start.payload.jsonText)"
            asked[node.key] = ("the start of \"\(start.label)\"\(with)\(on)", node.location?.description)
        }
        for query in queries.values {
            let on = query.server.map { " on \($0)" } ?? ""
            asked[query.key] = (query.query.shown + on, waitingPlaces.first)
        }
        for timer in timers.values {
            // How long a step may take is asked for with the step.
            asked["\(timer.key.key) \(timer.key.purpose)"] = ("a wait of \(timer.duration.short)", place(of: timer.use))
        }
        return asked
    }

    private func place(of use: TimerUse) -> String? {
        let location =
            switch use {
            case .sleep(let token): tasks[token.task].flatMap { nodes[$0]?.waitsAt }
            case .stepTimeout(let step), .stepLate(let step), .stepQueued(let step), .stepRetry(let step):
                nodes[step]?.location
            case .group(let group, _): groups[group]?.location
            case .grace(let task): nodes[task]?.location
            case .finally(let task): task.flatMap { nodes[$0] }?.location
            }
        return location?.description
    }
}

extension Query {
    /// For people: what is asked, or done.
    fileprivate var shown: String {
        switch self {
        case .job(let job): "the state of job \(job)"
        case .latestJob(let label): "the state of \"\(label)\""
        case .runningJob(let label): "whether \"\(label)\" runs"
        case .jobs: "the list of jobs"
        case .workflows: "the list of workflows"
        case .spaces: "the list of spaces"
        case .dataset(let label): "the dataset \"\(label)\""
        case .refreshDataset(let label): "the refresh of \"\(label)\""
        case .cancel(let job): "the end of job \(job)"
        case .history(let name, let limit): "the last \(limit) steps of \"\(name)\""
        case .usual(let name, _, _): "the usual duration of \"\(name)\""
        case .executeSchedule(let label): "the schedule \"\(label)\""
        case .notify(let notice): "the notice \"\(notice.title.map { "\($0): " } ?? "")\(notice.text)\""
        case .late(let title, _): "that \"\(title)\" is late"
        case .http(let call): "\(call.method) \(call.url)\(call.body.map { " with \"\($0)\"" } ?? "")"
        case .runs(let query): "the runs\(query.script.map { " of \($0)" } ?? "")"
        case .approval(let approval): "the approval of \"\(approval.text)\""
        case .lock(let request): "the \(request.title)"
        case .file(let path): "the file \(path)"
        case .files(let pattern, _): "the files \(pattern)"
        }
    }
}
