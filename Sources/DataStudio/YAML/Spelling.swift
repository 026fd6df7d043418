/// Words that were meant when others were written.
package enum Spelling {
    /// ` (did you mean "timeout"?)`, or nothing when no word is near.
    package static func suggestion(for word: String, among words: some Collection<String>) -> String {
        var search = SpellingSearch(among: words)
        return search.suggestion(for: word)
    }

    /// The word that may have been meant; `nil` when none is near.
    package static func nearest(to word: String, among words: some Collection<String>) -> String? {
        var search = SpellingSearch(among: words)
        return search.nearest(to: word)
    }
}
