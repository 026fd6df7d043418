import LuaSyntax

/// What the end of an unfinished text may go on with.
enum CompletionContext: Equatable {
    /// The label of a workflow, in quotes, of which this is there.
    case label(String)
    /// A value in quotes of the option of that name.
    case value(option: String, String)
    /// A field of a table of tables, as in `studio.wor`: the names before the last dot, and what is behind it.
    case field([String], String)
    /// The name of an option, or an item; a table of this function goes on here.
    case option(of: String, String)
    /// A global or a word of Lua.
    case name(String)
    /// Nothing that is known.
    case nothing

    /// What can follow the text, which ends at the cursor.
    init(_ text: String) {
        let tokens = SourceLexer.tokens(of: text)
        let end = text.utf8.count
        guard let last = tokens.last else {
            self = Self.isInComment(text, behind: 0) ? .nothing : .name("")
            return
        }
        if case .string(let prefix) = last.kind, last.isOpen {
            self = Self.inQuotes(prefix, tokens.dropLast())
        } else if let name = last.name, last.range.upperBound == end {
            self = Self.atName(name, tokens.dropLast())
        } else if Self.isInComment(text, behind: last.range.upperBound) {
            self = .nothing
        } else {
            self = Self.atName("", tokens[...])
        }
    }

    /// - Parameter end: of the last token, in bytes.
    private static func isInComment(_ text: String, behind end: Int) -> Bool {
        let rest = Array(text.utf8).dropFirst(end)
        let line = rest.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).last ?? []
        return String(decoding: line, as: UTF8.self).contains("--")
    }

    private static func atName(_ prefix: String, _ tokens: ArraySlice<SourceToken>) -> CompletionContext {
        guard let before = tokens.last else { return .name(prefix) }
        if before.isSymbol(".") || before.isSymbol(":") {
            var path: [String] = []
            var rest = tokens
            while let mark = rest.last, mark.isSymbol(".") || mark.isSymbol(":"), let name = rest.dropLast().last?.name
            {
                path.insert(name, at: 0)
                rest = rest.dropLast(2)
            }
            return path.isEmpty ? .nothing : .field(path, prefix)
        }
        if before.isSymbol("{") || before.isSymbol(","), let (function, isTable) = call(around: tokens), isTable {
            return .option(of: function, prefix)
        }
        return .name(prefix)
    }

    private static let labelled: Set<String> = ["execute", "start", "state", "history"]
    private static let lists: Set<String> = ["parallel", "chain"]

    private static func inQuotes(_ prefix: String, _ tokens: ArraySlice<SourceToken>) -> CompletionContext {
        guard let before = tokens.last else { return .nothing }
        if before.isSymbol("="), let option = tokens.dropLast().last?.name { return .value(option: option, prefix) }
        if let function = before.name { return labelled.contains(function) ? .label(prefix) : .nothing }
        guard let (function, isTable) = call(around: tokens) else { return .nothing }
        let isFirst = before.isSymbol("(") || before.isSymbol("{")
        if labelled.contains(function), isFirst { return .label(prefix) }
        if lists.contains(function), isTable, isFirst || before.isSymbol(",") { return .label(prefix) }
        return .nothing
    }

    /// The function whose call is not closed there, and whether a table of it is open. Tables in the lists of `parallel`
    /// and `chain` are theirs.
    private static func call(around tokens: ArraySlice<SourceToken>) -> (function: String, isTable: Bool)? {
        var open: [Int] = []
        for index in tokens.indices {
            switch tokens[index].kind {
            case .symbol("{"), .symbol("("), .symbol("["): open.append(index)
            case .symbol("}"), .symbol(")"), .symbol("]"): _ = open.popLast()
            default: break
            }
        }
        var isTable = false
        for index in open.reversed() {
            isTable = isTable || tokens[index].isSymbol("{")
            guard index > tokens.startIndex else { return nil }
            let before = tokens[index - 1]
            if let name = before.name { return (name, isTable) }
            // `execute({`, and a table in a list.
            guard before.isSymbol("(") || before.isSymbol("{") || before.isSymbol(",") else { return nil }
        }
        return nil
    }
}
