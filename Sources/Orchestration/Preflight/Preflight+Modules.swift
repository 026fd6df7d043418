extension Preflight {
    /// The modules that a text requires by literal names, each once, in their order: they are kept with the run.
    package static func modules(in text: String) -> [String] {
        let tokens = SourceLexer.tokens(of: text)
        var names: [String] = []
        for (index, token) in tokens.enumerated() where token.isName("require") {
            var next = tokens.dropFirst(index + 1)
            if next.first?.isSymbol("(") == true { next = next.dropFirst() }
            if let name = next.first?.string, !names.contains(name) { names.append(name) }
        }
        return names
    }
}
