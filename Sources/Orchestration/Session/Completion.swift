/// What a text can go on with.
package struct Completion: Hashable, Sendable {
    /// How many characters before the cursor are part of it.
    package var prefix: String
    /// What may stand there, sorted, each beginning with the prefix.
    package var words: [String]
    /// What comes behind a word if it is the only one: a closing quote, ` = ` behind an option.
    package var ending = ""

    /// Of these words those that begin with the prefix.
    package init(_ prefix: String, _ words: some Sequence<String>, ending: String = "") {
        self.prefix = prefix
        self.words = Set(words).filter { $0.hasPrefix(prefix) }.sorted()
        self.ending = ending
    }
}
