/// What speaks for and against a candidate.
struct Evidence {
    private(set) var score = 0.0
    private(set) var reasons: [String] = []

    /// Counts something, and names it if it speaks for the candidate.
    mutating func add(_ points: Double, _ reason: String) {
        guard points != 0 else { return }
        score += points
        if points > 0 { reasons.append(reason) }
    }

    mutating func add(_ points: Double, if holds: Bool, _ reason: String) {
        if holds { add(points, reason) }
    }
}
