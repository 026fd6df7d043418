/// One token of a script's text.
package struct SourceToken: Equatable, Sendable {
    /// What it is.
    package enum Kind: Equatable, Sendable {
        /// A name or a keyword.
        case name(String)
        /// A string's text, escapes left as they are written.
        case string(String)
        case number
        /// An operator or a bracket.
        case symbol(String)
    }

    /// What it is.
    package let kind: Kind
    /// From 1.
    package let line: Int
    /// Where it begins in its line, from 1, in characters.
    package let column: Int
    /// Where it stands, in bytes of UTF-8; never empty, and never beyond the text.
    package let range: Range<Int>
    /// True for a string whose end is missing.
    package let isOpen: Bool

    /// True for that name or keyword.
    package func isName(_ name: String) -> Bool { kind == .name(name) }
    /// True for that operator or bracket.
    package func isSymbol(_ symbol: String) -> Bool { kind == .symbol(symbol) }
    /// A name or keyword.
    package var name: String? { if case .name(let name) = kind { name } else { nil } }
    /// An operator or bracket.
    package var symbol: String? { if case .symbol(let symbol) = kind { symbol } else { nil } }
    /// A string's text, escapes left as they are written.
    package var string: String? { if case .string(let text) = kind { text } else { nil } }
}
