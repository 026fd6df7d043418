/// Texts for the end of a run, of which there may be any number: the first are kept, the others counted.
struct BoundedList {
    private static let most = 1000

    private var first: [String] = []
    private var omitted = 0

    /// Adds a text.
    mutating func add(_ text: String) {
        if first.count < Self.most { first.append(text) } else { omitted += 1 }
    }

    /// Those that were kept; the last entry says how many were not.
    var texts: [String] { omitted == 0 ? first : first + ["and \(omitted) more"] }
}
