/// One token of a script's text.
struct SourceToken: Equatable {
    enum Kind: Equatable {
        /// A name or a keyword.
        case name(String)
        /// A string's text, escapes left as they are written.
        case string(String)
        case number
        /// An operator or a bracket.
        case symbol(String)
    }

    let kind: Kind
    /// From 1.
    let line: Int
    /// Where it stands, in bytes of UTF-8. That of a string whose end is missing goes beyond the text.
    let range: Range<Int>

    func isName(_ name: String) -> Bool { kind == .name(name) }
    func isSymbol(_ symbol: String) -> Bool { kind == .symbol(symbol) }
    var name: String? { if case .name(let name) = kind { name } else { nil } }
    var symbol: String? { if case .symbol(let symbol) = kind { symbol } else { nil } }
    var string: String? { if case .string(let text) = kind { text } else { nil } }
}
