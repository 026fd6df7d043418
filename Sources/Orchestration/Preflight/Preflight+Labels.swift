extension Preflight {
    /// The labels of workflows that a script starts on its own server and in its own space, as far as they stand in it,
    /// each with its place.
    package static func labels(in text: String, name: String) -> [(label: String, place: String)] {
        let tokens = SourceLexer.tokens(of: text)
        // What names another server or space may mean all that follows: nothing is certain then.
        let isCertain = !tokens.indices.contains { index in
            tokens[index].isName("defaults") || (tokens[index].isName("server") && tokens[safe: index + 1] != nil)
                || (tokens[index].isName("space") && tokens[safe: index + 1]?.isSymbol("=") == true)
        }
        guard isCertain else { return [] }
        let meant = ["execute", "start", "parallel", "chain"].filter { !isRedefined($0, in: tokens) }
        var found: [(label: String, place: String)] = []
        func add(_ index: Int) {
            guard let label = tokens[safe: index]?.string, tokens[safe: index + 1]?.isSymbol("..") != true,
                !label.contains("\\"), !found.contains(where: { $0.label == label })
            else { return }
            found.append((label, "\(name):\(tokens[index].line)"))
        }
        for index in tokens.indices {
            guard let function = tokens[index].name, meant.contains(function), !isField(index, tokens) else { continue }
            let open = tokens[safe: index + 1]?.isSymbol("(") == true ? index + 2 : index + 1
            add(open)
            guard tokens[safe: open]?.isSymbol("{") == true else { continue }
            if function == "execute" || function == "start" {
                add(open + 1)
            } else {
                for item in SourceTable(at: open, in: tokens).items { add(item) }
            }
        }
        return found
    }
}
