import DataStudio
import HostileTexts
import Testing

/// What was meant by a misspelt word.
@Suite struct SpellingTests {
    @Test func `the nearest word is found, never the word itself, and what was found stays`() {
        var search = SpellingSearch(among: ["timeout", "timeouts", "Limit", "max"])
        #expect(search.nearest(to: "timeot") == "timeout")
        #expect(search.nearest(to: "timeout") == "timeouts")
        #expect(search.nearest(to: "limit") == "Limit")
        #expect(search.nearest(to: "nosuch") == nil)
        #expect(search.suggestion(for: "timeot") == #" (did you mean "timeout"?)"#)
    }

    @Test func `the work for a list of words is bounded`() {
        var search = SpellingSearch(among: ["aaaa", "aaab"], budget: 10)
        #expect(search.nearest(to: "aaac") == nil)
        let words = (0..<100_000).map { "name\($0)" }
        let factor = Growth.factor(from: 1_000) {
            Array(words.prefix($0))
        } work: { words in
            var search = SpellingSearch(among: words)
            for word in words { _ = search.nearest(to: word + "x") }
        }
        #expect(factor < Growth.most)
    }
}
