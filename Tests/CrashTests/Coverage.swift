/// What runs passed through, by name.
struct Coverage {
    static let names = [
        "doubtful", "void", "adopted", "ambiguous", "foreign starter", "id reuse", "detach", "stopping", "retry",
        "retry of several", "retry from a step", "retry of what is done", "a list that goes on", "finally", "decision",
        "decision left",
        "expiry",
        "retries",
        "revision", "dropped", "abandoned intent", "clock step", "two processes", "page cap", "death",
        "skew", "zoneless", "coarse", "precision", "several clocks", "clock of stamps set", "oldest first", "shuffled",
        "no date", "user spelt otherwise", "echo", "late request", "slow list", "failed commit",
        "restored backup",
        "disk set back",
        "other key", "beside", "job in the way", "slots", "waiting gate", "suspicion", "restart",
    ]
    private(set) var counts: [String: Int] = [:]

    mutating func note(_ seen: Set<String>) {
        for name in seen { counts[name, default: 0] += 1 }
    }

    mutating func add(_ other: Coverage) {
        counts.merge(other.counts, uniquingKeysWith: +)
    }
}
