/// Finds what a misspelt word was meant to be.
package enum Spelling {
    /// ` (did you mean "timeout"?)`, or nothing when no word is near.
    package static func suggestion(for word: String, among words: some Collection<String>) -> String {
        nearest(to: word, among: words).map { " (did you mean \"\($0)\"?)" } ?? ""
    }

    /// The word that may have been meant; `nil` when none is near.
    package static func nearest(to word: String, among words: some Collection<String>) -> String? {
        let nearest = words.map { ($0, distance(word, $0)) }.min { $0.1 < $1.1 }
        guard let (match, distance) = nearest, distance <= max(1, word.count / 3) else { return nil }
        return match
    }

    /// The number of letters to insert, remove, replace or swap with their neighbour.
    static func distance(_ a: String, _ b: String) -> Int {
        let a = Array(a.lowercased()), b = Array(b.lowercased())
        var beforeLast: [Int] = []
        var last = Array(0...b.count)
        for i in a.indices {
            var row = [i + 1]
            for j in b.indices {
                var best = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, beforeLast[j - 1] + 1) }
                row.append(best)
            }
            (beforeLast, last) = (last, row)
        }
        return last[b.count]
    }
}
