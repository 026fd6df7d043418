/// A table constructor in a script's text.
struct SourceTable {
    /// Names before an `=`, at the table's own level.
    private(set) var fields: [(name: String, line: Int)] = []
    /// Where the tables that are entries of a list begin.
    private(set) var tables: [Int] = []
    /// Where entries of a list begin that are texts by themselves, or tables that begin with one: the texts.
    private(set) var items: [Int] = []
    /// True for `{ "label", … }`.
    let beginsWithString: Bool

    /// - Parameter start: the position of the opening brace.
    init(at start: Int, in tokens: [SourceToken]) {
        beginsWithString = start + 1 < tokens.count && tokens[start + 1].string != nil
        var depth = 0
        var blocks = 0
        for index in start..<tokens.count {
            switch tokens[index].kind {
            case .symbol("{"), .symbol("("), .symbol("["):
                depth += 1
                if depth == 2, blocks == 0, tokens[index].isSymbol("{"), Self.separates(tokens[index - 1]) {
                    tables.append(index)
                    if index + 1 < tokens.count, tokens[index + 1].string != nil { items.append(index + 1) }
                }
            case .symbol("}"), .symbol(")"), .symbol("]"):
                depth -= 1
                if depth == 0 { return }
            case .name("function"), .name("do"), .name("then"), .name("repeat"): blocks += 1
            case .name("end"), .name("until"), .name("elseif"): blocks -= 1
            case .string where depth == 1 && blocks == 0 && Self.separates(tokens[index - 1]): items.append(index)
            case .name(let name)
            where depth == 1 && blocks == 0 && Self.separates(tokens[index - 1]) && index + 1 < tokens.count
                && tokens[index + 1].isSymbol("="):
                fields.append((name, tokens[index].line))
            default: break
            }
        }
    }

    private static func separates(_ token: SourceToken) -> Bool {
        token.isSymbol("{") || token.isSymbol(",") || token.isSymbol(";")
    }
}
