/// Finds the words of one list that were meant when others were written.
///
/// The work for one list is bounded, whatever its length and however many words are looked up: after it nothing is near.
/// A person's file needs a hundredth of it.
package struct SpellingSearch: Sendable {
    private let words: [(word: String, letters: [Unicode.Scalar])]
    private var found: [String: String?] = [:]
    /// How many more pairs of letters, and words, are compared.
    private var budget: Int

    /// A search among these words; of equally near ones the first is taken.
    package init(among words: some Collection<String>, budget: Int = 10_000_000) {
        self.words = words.map { ($0, Self.letters(of: $0)) }
        self.budget = budget
    }

    /// ` (did you mean "timeout"?)`, or nothing when no word is near.
    package mutating func suggestion(for word: String) -> String {
        nearest(to: word).map { " (did you mean \"\($0)\"?)" } ?? ""
    }

    /// The word that may have been meant, which is another one; `nil` when none is near.
    package mutating func nearest(to word: String) -> String? {
        if let known = found[word] { return known }
        let nearest = search(word)
        found[word] = .some(nearest)
        return nearest
    }

    private mutating func search(_ word: String) -> String? {
        let letters = Self.letters(of: word)
        let most = max(1, word.count / 3)
        var best: (word: String, distance: Int)?
        for candidate in words where budget > 0 {
            budget -= 1
            // Every letter that one has more is a difference.
            guard abs(candidate.letters.count - letters.count) <= most, candidate.word != word else { continue }
            budget -= letters.count * candidate.letters.count
            guard budget > 0 else { break }
            let distance = Self.distance(letters, candidate.letters)
            if distance <= most, distance < best?.distance ?? .max { best = (candidate.word, distance) }
        }
        return best?.word
    }

    private static func letters(of word: String) -> [Unicode.Scalar] { Array(word.lowercased().unicodeScalars) }

    /// The number of letters to insert, remove, replace or swap with their neighbour.
    private static func distance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...b.count)
        for i in a.indices {
            var row = [i + 1]
            row.reserveCapacity(b.count + 1)
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
