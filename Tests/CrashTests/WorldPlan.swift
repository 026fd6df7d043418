import DataStudio
import SimulatedStudio

/// What a seed decides: the scripts, the server, the network, the clocks, and the points of death.
///
/// All within the conditions under which Baton promises never to start anything twice: a job is listed within `settle` of
/// its request's departure, and jobs of others can be told apart, or there are none.
///
/// | share | what |
/// | ----: | --- |
/// | 30 % | the server does not tell whose a job is; half of these are exclusive |
/// | 25 % | jobs are queued for up to 8 s before they begin |
/// | 10 % | queued jobs are not listed, and the API description does not claim that they are |
/// | 40 % | starts meet faults: lost, reset, 5xx executed or not, 429, half an answer |
/// | 30 % | lists meet faults: 502, half an answer, a page of a proxy |
/// | 25 % | pages of 2 jobs |
/// | 30 % | the list lags, up to the configured `settle` |
/// | 30 % | the server goes down for up to a minute; its jobs go on, are forgotten, or their ids are given away again |
/// | 40 % | of each workflow: there is a job of an hour ago, half of them by the same user |
/// | 33 % | there is a job that is three days old |
/// | 50 % | only two pages are read back |
/// | 40 % | somebody else starts the same workflows |
/// | 15 % | clocks are set, forwards or backwards, between or during lives |
/// | 15 % | one or two more lines run on the same journal, with the same workflows |
/// | 85 % | the process dies up to 5 times, anywhere |
/// | 30 % | a life ends by a signal instead, 9 % by somebody's cancelling, 9 % as it has taken as long as it may |
/// | 25 % | a server as one would wish, where only answers are lost and restarts are short |
/// | 85 % | Baton has run there before; on a server as one would wish nobody is asked then |
/// | 34 % | one to three oddities: clocks of stamps, zones, precision, order of the list, users, parameters |
/// | 15 % | the network is cut in front of half of the starts, and some processes die then |
/// | 13 % | lists take up to 12 s to come back |
/// | 8 % | one commit in 25 fails |
/// | 5 %, of every eighth seed 64 % | an earlier journal is restored, seen or unseen |
/// | 5 % | the key is another user's from the second process on |
/// | 10 % | a run begins beside one whose process has died |
/// | 8 % | with `--sessions`: the first run is a session, whose statements are typed line by line |
/// | 20 % | all interrupted runs are resumed at the same time |
/// | 15 % | the next run of the line gives the dead one up instead of going on with it |
/// | 12 % | the script raises what has failed in it, workflows fail once or twice, and its run is retried later |
/// | 13 % | the script has scopes with functions of `finally`; one in three cancellations of it does without them |
/// | 6 % | the script waits for one or two approvals; people decide within a minute, or not in time |
/// | 9 % | two or more scripts hold locks and places of pools, nested and beside each other; a third of these is retried |
/// | 25 % | half of the starts get lost, and there is what ``Emphasis`` says |
/// | 15 % | somebody mends the script after a death or a failure, up to three times, and goes on with it as it is then |
struct WorldPlan {
    let seed: UInt64
    let scripts: [String]
    /// What the first of them is mended to, in order.
    let revisions: [String]
    /// The first of them raises what has failed in it, and people retry its run.
    let isRetried: Bool
    let scenario: Scenario
    let description: APIDescription
    let settle: Duration
    let isExclusive: Bool
    /// The longest time a request takes to arrive.
    let slowest: Duration
    let patience: Duration
    let maxParallel: Int?
    /// How many pages are read back at most.
    let mostPages: Int
    /// What was started long before.
    let old: [(label: String, user: String)]
    /// The workflow of a job that is three days old; `nil`: there is none. It comes first in a list with the oldest first.
    let ancient: String?
    /// When others start workflows, and which.
    let strangers: [(after: Duration, label: String)]
    /// Of each life of the first run, after how many steps of the driver it ends, and how.
    let ends: [LifeEnd]
    let clockSteps: [Duration]
    let givesUp: Bool
    let personIsCapricious: Bool
    /// What is odd about the server's clocks, lists and users, by name.
    let oddities: Set<String>
    /// The server is as one would wish, and Baton has run there before: nobody is to be asked.
    let asksNobody: Bool
    /// Baton has run there before.
    let hasRunBefore: Bool
    /// Of a hundred starts, how many meet a network that is cut.
    let cuts: Int
    /// Of a hundred lists, how many take seconds to come back.
    let slowLists: Int
    /// Of a hundred commits, how many fail.
    let failingCommits: Int
    /// An earlier journal is restored: whether it is recognised as one; `nil`: none is.
    let restores: Bool?
    /// From the second process on another key is used, that of another user.
    let keyChanges: Bool
    /// A run begins beside one whose process has died.
    let startsBeside: Bool
    /// All runs are resumed at the same time.
    let resumesAll: Bool
    /// The lines that somebody types, if the first run is a session; `nil`: it is a script.
    let lines: [String]?

    /// The list of jobs is refused at times.
    var refusesLists: Bool {
        scenario.faults.contains { if case .status(404, _, _, _) = $0.kind { true } else { false } }
    }

    static let otherKey = "other-key"

    /// True if a step is not started again that a restored journal has forgotten.
    ///
    /// A disk that was set back is noticed by runs that go on, on a server that tells whose jobs are, with the same key.
    func promisesRestored(goesOn: Bool) -> Bool {
        // Where the list cannot be read back, a person is asked about the first start of each workflow, and that is all.
        guard let restores, mostPages > 2 || scenario.largestPage > 2 else { return false }
        return restores || (goesOn && hasRunBefore && scenario.tellsWhose && !keyChanges && oddities.isEmpty)
    }

    /// What rarely comes together by chance, and does in some seeds. Every other choice of a seed stays as it is.
    enum Emphasis {
        /// The server restarts early and gives ids away again, and others start workflows then.
        case idsGivenAway
        /// The list has the oldest jobs first, in pages of two: one that is three days old, and one that was known last.
        case oldestFirst

        init?(seed: UInt64, isWell: Bool) {
            switch seed % 8 {
            case 1 where !isWell, 5 where !isWell: self = .idsGivenAway
            case 3 where !isWell: self = .oldestFirst
            default: return nil
            }
        }

        func apply(to scenario: inout Scenario, seed: UInt64) {
            var loss = Fault(.lost)
            loss.operation = .executeWorkflow
            loss.probability = 0.5
            loss.length = .seconds(60)
            scenario.faults.append(loss)
            switch self {
            case .idsGivenAway:
                var restart = Fault(.down(.reuseIds))
                restart.from = .seconds(Int64(1 + seed / 8 % 8))
                restart.length = .seconds(1)
                scenario.faults.append(restart)
            case .oldestFirst:
                scenario.listOrder = .oldestFirst
                scenario.largestPage = 2
            }
        }
    }

    struct LifeEnd {
        enum Kind { case death, detach, cancel, expiry }
        let step: Int
        let kind: Kind
    }

    init(seed: UInt64, base: APIDescription, isWell: Bool = false, hasSessions: Bool = false) {
        self.seed = seed
        var random = SplitMix(seed: seed &* 0x9E37_79B9 &+ 7)
        func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }
        func pick<Value>(_ values: [Value]) -> Value { values[Int.random(in: 0..<values.count, using: &random)] }

        func statements(_ seed: UInt64) -> [[String]] {
            var generator = ScriptGenerator(seed: seed)
            return generator.statements()
        }
        var script = statements(seed)
        isRetried = seed % 8 == 6
        if ScriptGenerator.hasFinally(seed: seed) { ScriptGenerator.addFinally(to: &script, seed) }
        if ScriptGenerator.hasApprovals(seed: seed) { ScriptGenerator.addApprovals(to: &script, seed) }
        let hasLocks = ScriptGenerator.hasLocks(seed: seed)
        let failing = isRetried ? ScriptGenerator.failing(seed / 8) : nil
        if hasLocks {
            ScriptGenerator.addLocks(to: &script, seed, failing: failing)
        } else if let failing {
            script.append(failing)
        }
        let parts = seed.isMultiple(of: 5) ? [2, 3, seed % 8 == 6 ? 2 : 12][Int(seed / 5 % 3)] : 1
        let isWell = isWell || chance(25)
        let others = chance(15) ? (chance(30) ? 2 : 1) : 0
        scripts =
            [ScriptGenerator.text(script, parts: parts)]
            + (0..<UInt64(max(others, hasLocks && !isRetried ? 1 : 0))).map { number in
                var other = statements(seed ^ (0xABCD + number))
                if hasLocks { ScriptGenerator.addLocks(to: &other, seed ^ (0xABCD + number), failing: nil) }
                return ScriptGenerator.text(other)
            }

        var scenario = Scenario()
        for label in ScriptGenerator.labels {
            scenario.workflows.append(
                Scenario.Entry(
                    label: label,
                    workflow: SimulatedWorkflow(
                        queued: chance(25) ? .seconds(pick([1, 3, 8])) : .zero,
                        duration: .milliseconds(pick([0, 200, 1_000, 3_000, 8_000])),
                        outcome: chance(20) ? pick([.failed, .cancelled]) : .completed,
                        failures: chance(15) ? pick([1, 2]) : 0)))
        }
        if isRetried {
            for index in scenario.workflows.indices where (seed / 128) >> index & 1 == 1 {
                scenario.workflows[index].workflow.outcome = .completed
                scenario.workflows[index].workflow.failures = 1 + Int(seed / 2048 % 2)
            }
        }
        // Of a workflow of its own: jobs of a schedule have the key's user, so no listing tells them apart from others.
        scenario.workflows.append(Scenario.Entry(label: "scheduled", workflow: SimulatedWorkflow()))
        scenario.schedules = ["nightly": ["scheduled"]]
        scenario.operations = chance(50) ? [.executeSchedule, .cancelJob] : [.executeSchedule]
        scenario.tellsWhose = !chance(30)
        isExclusive = !scenario.tellsWhose && chance(50) && !isWell
        scenario.listsQueued = !chance(10)
        scenario.largestPage = chance(25) ? 2 : 10_000
        settle = .seconds(pick([1, 3, 10]))
        slowest = .milliseconds(200)
        if chance(30) { scenario.listLag = .milliseconds(pick([300, 700, Int64(settle.milliseconds) - 250])) }
        if chance(30) { scenario.clock = .seconds(pick([-400, -3, 2, 600])) }
        scenario.seed = seed
        func fault(_ kind: Fault.Kind, _ operation: Operation, _ probability: Double) {
            var fault = Fault(kind)
            fault.operation = operation
            fault.probability = probability
            fault.length = .seconds(Int64(pick([20, 100, 400])))
            scenario.faults.append(fault)
        }
        if chance(40) {
            for kind in [
                Fault.Kind.lost, .reset, .halfBody, .noBody, .status(500, .json, retryAfter: nil, done: true),
                .status(503, .html, retryAfter: nil, done: false),
                .status(429, .json, retryAfter: .seconds(1), done: false),
            ] where chance(35) { fault(kind, .executeWorkflow, pick([0.2, 0.5, 0.9])) }
            if chance(30) { fault(.lost, .executeSchedule, 0.7) }
        }
        if chance(30) {
            for kind in [Fault.Kind.reset, .halfBody, .status(502, .html, retryAfter: nil, done: false)]
            where chance(40) { fault(kind, .listJobs, pick([0.3, 0.8])) }
            // The list is refused for a moment: what there was before a start is not known then.
            if chance(25) {
                var refusal = Fault(.status(404, .json, retryAfter: nil, done: false))
                refusal.operation = .listJobs
                refusal.skip = pick([0, 0, 3])
                refusal.count = pick([1, 2])
                scenario.faults.append(refusal)
            }
        }
        if chance(30) {
            var down = Fault(.down(pick([.keep, .lose, .reuseIds, .reuseIds])))
            down.from = .seconds(Int64(pick([2, 6, 15])))
            down.length = .seconds(Int64(pick([1, 10, 60])))
            scenario.faults.append(down)
        }
        let emphasis = Emphasis(seed: seed, isWell: isWell)
        emphasis?.apply(to: &scenario, seed: seed)
        var odd: Set<String> = []
        for _ in 0..<(isWell || !chance(45) ? 0 : pick([1, 1, 1, 2, 3])) {
            odd.insert(Self.makeOdd(&scenario, &random))
        }
        if emphasis == .oldestFirst { odd.insert("oldest first") }
        // Two jobs of one id, workflow and minute cannot be told apart: see docs/durability.md.
        if scenario.stamps.resolution > .seconds(1) {
            for index in scenario.faults.indices {
                if case .down(.reuseIds) = scenario.faults[index].kind { scenario.faults[index].kind = .down(.lose) }
            }
        }
        oddities = odd
        cuts = chance(15) ? 50 : 0
        slowLists = chance(15) && !isWell ? 40 : 0
        failingCommits = chance(10) && !isWell ? 4 : 0
        // Restores are rare, and few of them matter: one seed in eight is about them.
        restores = chance(seed % 8 == 7 ? 75 : 6) && !isWell ? chance(50) : nil
        keyChanges = chance(6) && !isWell
        if keyChanges { scenario.keys = [Self.otherKey: "other.user"] }
        lines = chance(8) && hasSessions ? ["shared = 0"] + script.map { $0.joined(separator: "\n") } : nil
        startsBeside = chance(10) && lines == nil
        resumesAll = chance(20)
        hasRunBefore = chance(85)
        if isWell {
            scenario.tellsWhose = true
            scenario.listsQueued = true
            scenario.largestPage = 10_000
            scenario.clock = .zero
            scenario.faults.removeAll { fault in
                switch fault.kind {
                case .lost, .reset, .halfBody, .noBody: fault.operation != .executeWorkflow
                case .down(.keep): fault.length.map { $0 > .seconds(10) } ?? true
                default: true
                }
            }
        }
        var description = base
        if !scenario.tellsWhose {
            description.job.user = nil
            description.job.parameters = nil
        }
        description.operations[.executeSchedule] = OperationDescription(
            method: "POST", path: "/schedules/{label}/execute")
        if scenario.operations.contains(.cancelJob) {
            description.operations[.cancelJob] = OperationDescription(method: "POST", path: "/jobs/{jobId}/cancel")
        }
        description.operations[.listJobs]?.includesQueued = scenario.listsQueued
        self.scenario = scenario
        self.description = description
        patience = .seconds(pick([60, 300]))
        maxParallel = chance(20) ? pick([1, 2]) : nil
        let hasStrangers = chance(40) && !isExclusive && scenario.tellsWhose
        strangers =
            (hasStrangers
                ? (0..<Int.random(in: 1...6, using: &random)).map { _ in
                    (.milliseconds(Int64.random(in: 0...60_000, using: &random)), pick(ScriptGenerator.labels))
                } : [])
            + (emphasis == .idsGivenAway && !isExclusive && scenario.tellsWhose
                ? (0..<6).map { (.seconds($0 * 3), ScriptGenerator.labels[$0 % ScriptGenerator.labels.count]) } : [])
        mostPages = chance(50) && !isWell ? 2 : 50
        var old = ScriptGenerator.labels.filter { _ in chance(40) }.map {
            ($0, chance(50) ? SimulatedStudio.user : "stranger")
        }
        if hasRunBefore { old.append((pick(ScriptGenerator.labels), SimulatedStudio.user)) }
        self.old = emphasis == .oldestFirst ? Array(old.suffix(1)) : old
        // Not from the same generator: every other choice of a seed stays as it was.
        ancient =
            seed % 3 == 0 || emphasis == .oldestFirst
            ? ScriptGenerator.labels[Int(seed / 3) % ScriptGenerator.labels.count]
            : nil
        asksNobody = isWell && hasRunBefore
        let lives = chance(85) ? Int.random(in: 1...5, using: &random) : 0
        ends = (0..<lives).map { _ in
            LifeEnd(
                step: Int.random(in: 0...pick([20, 60, 200, 500]), using: &random),
                kind: pick([
                    .death, .death, .death, .death, .death, .death, .detach, .detach, .detach, .cancel, .expiry,
                ]))
        }
        clockSteps = chance(15) && !isWell ? (0..<4).map { _ in .seconds(Int64(pick([-7200, -30, 0, 30, 7200]))) } : []
        givesUp = chance(15)
        personIsCapricious = chance(30)
        revisions = (0..<(chance(15) && lines == nil ? Int.random(in: 1...3, using: &random) : 0)).map { number in
            ScriptGenerator.mend(&script, statements(seed ^ UInt64(0xFACE + number)), &random)
            return ScriptGenerator.text(script, parts: parts)
        }
    }

    /// Makes a server odd in one way.
    ///
    /// - Returns: the name of it.
    private static func makeOdd(_ scenario: inout Scenario, _ random: inout SplitMix) -> String {
        func pick<Value>(_ values: [Value]) -> Value { values[Int.random(in: 0..<values.count, using: &random)] }
        switch Int.random(in: 0..<12, using: &random) {
        case 0:
            scenario.stamps.ahead = pick([
                .seconds(-60), .seconds(-5), .milliseconds(-2900), .seconds(3), .seconds(400),
            ])
            return "skew"
        case 1:
            scenario.stamps.zone = pick([.seconds(-5 * 3600), .seconds(3600), .seconds(8 * 3600)])
            return "zoneless"
        case 2:
            scenario.stamps.resolution = pick([.seconds(1), .seconds(60)])
            return "coarse"
        case 3:
            scenario.stamps.jobResolution = .seconds(1)
            return "precision"
        case 4:
            scenario.stamps.clocks = [.zero, pick([.seconds(-20), .seconds(7), .seconds(90)])]
            return "several clocks"
        case 5:
            scenario.clockSteps = [
                Scenario.ClockStep(
                    from: .seconds(pick([1, 5, 20])), by: pick([.seconds(-3600), .seconds(-3), .seconds(3600)]))
            ]
            return "clock of stamps set"
        case 6, 7:
            scenario.listOrder = .oldestFirst
            return "oldest first"
        case 8:
            scenario.listOrder = .shuffled
            return "shuffled"
        case 9:
            scenario.sendsDate = false
            return "no date"
        case 10:
            if Bool.random(using: &random) { scenario.keyUser = "CORP\\simulated" } else { scenario.tellsKey = false }
            return "user spelt otherwise"
        default:
            scenario.echo = .upper
            return "echo"
        }
    }
}
