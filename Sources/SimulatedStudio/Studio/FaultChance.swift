import DataStudio

/// Decides which requests are hit by which faults of a scenario.
struct FaultChance {
    private let faults: [Fault]
    /// How many requests each fault could have hit so far, and how many it has.
    private var met: [Int]
    private var hit: [Int]
    private var random: SplitMix

    init(_ faults: [Fault], seed: UInt64) {
        self.faults = faults
        met = Array(repeating: 0, count: faults.count)
        hit = met
        random = SplitMix(seed: seed ^ 0xFA17)
    }

    /// The faults of a request, in the order of the scenario: any number of delays, and the first of all others.
    ///
    /// - Parameter age: since the server began.
    mutating func hits(_ operation: Operation?, label: String?, at age: Duration) -> [Fault] {
        var hits: [Fault] = []
        for (index, fault) in faults.enumerated() where fault.isOfRequests && fault.isActive(at: age) {
            guard fault.isDelay || hits.allSatisfy(\.isDelay) else { continue }
            guard fault.operation == nil || fault.operation == operation, fault.label == nil || fault.label == label
            else { continue }
            met[index] += 1
            guard met[index] > fault.skip, hit[index] < fault.count ?? .max,
                fault.probability >= 1 || Double.random(in: 0..<1, using: &random) < fault.probability
            else { continue }
            hit[index] += 1
            hits.append(fault)
        }
        return hits
    }
}

extension Fault {
    /// True for what goes with other faults.
    fileprivate var isDelay: Bool { if case .delay = kind { true } else { false } }

    /// False for what is about the server as a whole, or about jobs.
    var isOfRequests: Bool {
        switch kind {
        case .down, .vanish, .state: false
        default: true
        }
    }

    /// True if the request is carried out all the same.
    var isDone: Bool {
        switch kind {
        case .lost, .noBody, .halfBody, .trickle, .delay: true
        case .status(_, _, _, let isDone): isDone
        case .down, .reset, .redirect, .vanish, .state: false
        }
    }

    /// How scenarios and logs call it.
    var word: String {
        switch kind {
        case .down: "down"
        case .delay: "delay"
        case .lost: "lost"
        case .reset: "reset"
        case .noBody: "no_body"
        case .halfBody: "half_body"
        case .trickle: "trickle"
        case .status(let status, _, _, _): String(status)
        case .redirect: "redirect"
        case .vanish: "vanish"
        case .state: "state"
        }
    }
}
