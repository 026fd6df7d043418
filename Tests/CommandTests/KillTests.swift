import DataStudio
import Foundation
import JSON
import SimulatedStudio
import StudioServer
import Synchronization
import Testing

/// `kill -9` of the real process at random moments, with real servers and the real file.
@Suite(.timeLimit(.minutes(8))) struct KillTests {
    /// The seven-workflow plan, killed again and again, and resumed until it ends.
    private func trial(_ number: Int, _ kills: Counter, _ decisions: Counter) async throws {
        try await PlanTrial.with(number) { trial in
            let place = trial.place
            var hasBegun = false
            for _ in 0..<12 {
                // A start without a job is sent again after more than three seconds: some kills come later than that.
                let isSlow = try await trial.openStarts().contains { $0.job == nil }
                let moment = Duration.milliseconds(Int64.random(in: 0...(isSlow ? 4000 : 450)))
                let run = try await BatonProcess.run(
                    hasBegun ? ["resume"] : ["run", "plan.lua"], in: place.url, killAfter: moment)
                switch run.code {
                case 256 + 9: kills.add()
                case 8: decisions.add(try await trial.decide())
                // It ended before its time was up.
                default: #expect(run.code == 0, "\(trial.title): \(run.errors)")
                }
                if run.code == 0 { break }
                hasBegun = try await trial.isOpen()
            }
            var end = try await trial.isOpen() ? place.baton("resume") : place.baton("run", "plan.lua")
            while end.code == 8 {
                let decided = try await trial.decide()
                guard decided > 0 else { break }
                decisions.add(decided)
                end = try await place.baton("resume")
            }
            let shown = try await place.baton("show").output
            #expect(end.code == 0, "\(trial.title): \(end.errors)\(shown)")
            // If the plan ended before it was killed, the last call began another run.
            try await trial.expectOneStartEach()
        }
    }

    @Test func `two hundred kills at random moments start nothing twice and lose nothing`() async throws {
        let (kills, decisions, next) = (Counter(), Counter(), Counter())
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<6 {
                group.addTask { while kills.value < 200 { try await trial(next.add(), kills, decisions) } }
            }
            try await group.waitForAll()
        }
        #expect(kills.value >= 200)
        print("kills: \(kills.value) in \(next.value) trials, with \(decisions.value) decisions of a person")
    }
}

/// The seven-workflow plan on a simulated server, in a folder of its own, and a person who knows the jobs of the server.
struct PlanTrial: Sendable {
    /// What is odd about a server.
    enum Oddity: CaseIterable, Sendable {
        case nothing, stampsBehind, stampsAhead, noZone, wholeMinutes, oldestFirst
        /// Jobs do not show their user: a start without an answer is always left to a person.
        case noUsers
    }

    static let labels = (1...7).map { "wf\($0)" }
    private static let plan = """
        phase "load"
        execute "wf1"
        phase "match"
        parallel { "wf2", "wf3", "wf4" }
        parallel { "wf5", "wf6" }
        execute "wf7"
        print "done"
        """
    private static let settle = "    settle: 300ms\n"

    /// The trial, for messages.
    let title: String
    let server: StudioServer
    /// Where `plan.lua` is.
    let place: Workplace

    /// Runs one trial. The servers take turns; in every third trial answers are lost.
    static func with(_ number: Int, _ body: (PlanTrial) async throws -> Void) async throws {
        let oddity = Oddity.allCases[number % Oddity.allCases.count]
        let isLossy = number.isMultiple(of: 3)
        try await StudioServer.withServer(scenario: scenario(oddity, isLossy: isLossy)) { server in
            try await addEarlierJobs(server)
            let place = try Workplace()
            try place.configure(server, key: "simulated-key", more: settle)
            try place.write(plan, to: "plan.lua")
            let title = "trial \(number), \(oddity)\(isLossy ? ", with lost answers" : "")"
            try await body(PlanTrial(title: title, server: server, place: place))
        }
    }

    private static func scenario(_ oddity: Oddity, isLossy: Bool) -> Scenario {
        var scenario = Scenario()
        scenario.keys = ["earlier-key": "somebody.else"]
        scenario.workflows = labels.map { label in
            Scenario.Entry(
                label: label, workflow: SimulatedWorkflow(duration: .milliseconds(Int64.random(in: 10...90))))
        }
        switch oddity {
        case .nothing: break
        case .stampsBehind: scenario.stamps.ahead = .seconds(-4)
        case .stampsAhead: scenario.stamps.ahead = .seconds(60)
        case .noZone: scenario.stamps.zone = .seconds(-5 * 3600)
        case .wholeMinutes: scenario.stamps.resolution = .seconds(60)
        case .oldestFirst: scenario.listOrder = .oldestFirst
        case .noUsers: scenario.tellsWhose = false
        }
        if isLossy {
            var lost = Fault(.lost)
            lost.operation = .executeWorkflow
            // The earlier jobs.
            lost.skip = labels.count
            lost.probability = 0.3
            scenario.faults = [lost]
        }
        return scenario
    }

    /// Another user has run each workflow once. On a server without jobs, a person decides about the first start that is
    /// interrupted.
    private static func addEarlierJobs(_ server: StudioServer) async throws {
        let place = try Workplace()
        try place.configure(server, key: "earlier-key", more: settle)
        try place.write("parallel { \(labels.map { "\"\($0)\"" }.joined(separator: ", ")) }", to: "earlier.lua")
        let run = try await place.baton("run", "earlier.lua")
        try #require(run.code == 0, "\(run.errors)")
    }

    // MARK: What there is

    /// The starts of the trial's runs that the server executed, oldest first.
    private var starts: [(label: String, job: String)] {
        let executed = server.log.compactMap { entry -> (label: String, job: String)? in
            guard entry.operation == .executeWorkflow, let label = entry.label, let job = entry.job else { return nil }
            return (label, job.text)
        }
        return Array(executed.dropFirst(Self.labels.count))
    }

    /// True if there is a run that can be resumed. A run that was killed three times before it got anywhere is held.
    func isOpen() async throws -> Bool {
        try await place.runs().contains { $0["state"] == "interrupted" || $0["state"] == "held" }
    }

    /// What `baton show --json` prints of a run; `nil` for one without a record.
    func shown(_ run: JSON) async throws -> JSON? {
        let shown = try await place.baton("show", #require(run["run"]?.text), "--json")
        guard shown.code == 0 else { return nil }
        return try JSON(parsing: Array(shown.output.utf8))
    }

    /// A start of which the journal does not know the result.
    struct OpenStart: Sendable {
        let run: String
        let step: Int64
        /// The job that the server made for it, if there is one.
        let job: String?
        /// True if a person must decide.
        let isInDoubt: Bool
    }

    /// The open starts of all runs. No process of them may be running.
    func openStarts() async throws -> [OpenStart] {
        var runs: [JSON] = []
        for run in try await place.runs() {
            if let shown = try await shown(run) { runs.append(shown) }
        }
        let owned = Set(runs.flatMap { $0["steps"]?.elements ?? [] }.compactMap { $0["job_id"]?.text })
        var free = starts.filter { !owned.contains($0.job) }
        var open: [OpenStart] = []
        for run in runs {
            let doubts = (run["ambiguous"]?.elements ?? []).compactMap { $0["step"] }
            for step in run["steps"]?.elements ?? [] {
                guard let number = step["step"], case .integer(let value) = number, let id = run["run"]?.text,
                    step["state"] == "starting" || doubts.contains(number)
                else { continue }
                let place = free.firstIndex { $0.label == step["label"]?.text }
                open.append(
                    OpenStart(
                        run: id, step: value, job: place.map { free.remove(at: $0).job },
                        isInDoubt: doubts.contains(number)))
            }
        }
        return open
    }

    // MARK: The person

    /// Decides about all starts in doubt, by the jobs of the server.
    ///
    /// - Returns: how many there were.
    func decide() async throws -> Int {
        let doubts = try await openStarts().filter(\.isInDoubt)
        for doubt in doubts {
            let decision = doubt.job.map { ["--adopt", $0] } ?? ["--restart"]
            let resolved = try await BatonProcess.run(
                ["resolve", doubt.run, String(doubt.step)] + decision, in: place.url)
            #expect(resolved.code == 0, "\(title): \(decision): \(resolved.errors)")
        }
        return doubts.count
    }

    // MARK: What must hold

    /// Each workflow was started exactly once by each run that succeeded, and there are no other runs.
    func expectOneStartEach() async throws {
        let runs = try await place.runs()
        #expect(runs.allSatisfy { $0["state"] == "succeeded" }, "\(title): \(runs.map(\.jsonText))")
        let counts = Dictionary(starts.map { ($0.label, 1) }, uniquingKeysWith: +)
        let expected = Dictionary(uniqueKeysWithValues: Self.labels.map { ($0, runs.count) })
        let shown = try await place.baton("show").output
        #expect(counts == expected, "\(title): \(shown)")
    }
}

/// A number that several tasks count up.
final class Counter: Sendable {
    private let number = Atomic<Int>(0)

    var value: Int { number.load(ordering: .relaxed) }
    @discardableResult func add(_ more: Int = 1) -> Int { number.add(more, ordering: .relaxed).newValue }
}
