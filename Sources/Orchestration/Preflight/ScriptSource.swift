import DataStudio

/// A script with its modules, as text: what it uses of the run it is to be.
package struct ScriptSource {
    /// The tokens of each text, with what messages call it.
    private let texts: [(name: String, tokens: [SourceToken])]

    /// A script and the modules it requires.
    package init(_ text: String, name: String, modules: [String: String] = [:]) {
        texts =
            [(name, SourceLexer.tokens(of: text))]
            + modules.sorted { $0.key < $1.key }.map { ($0.key, SourceLexer.tokens(of: $0.value)) }
    }

    // MARK: Secrets

    /// Of the configured secrets those that it may use: the ones it names, or all if it computes a name.
    package func secrets(among configured: [String]) -> [String] {
        let calls = calls(of: "secret")
        guard !calls.contains(where: { $0.literal == nil }) else { return configured }
        return configured.filter { name in calls.contains { $0.literal == name } }
    }

    // MARK: Parameters

    /// Parameters that are given and not read, and those that are required and not given. Names that the script computes
    /// are not known here.
    package func parameterFindings(_ given: [String: String]) -> [String] {
        let calls = calls(of: "param")
        var read = Set(calls.compactMap(\.literal))
        var isComputed = calls.contains { $0.literal == nil }
        for (_, tokens) in texts {
            for index in tokens.indices where tokens[index].isName("params") && !Preflight.isField(index, tokens) {
                let next = tokens[safe: index + 1], after = tokens[safe: index + 2]
                if next?.isSymbol(".") == true, let name = after?.name {
                    read.insert(name)
                } else if next?.isSymbol("[") == true, let name = after?.string {
                    read.insert(name)
                } else if next?.isSymbol("=") != true {
                    // The option of a step has the same name: { params = … }
                    isComputed = true
                }
            }
        }
        guard !isRedefined("param") else { return [] }
        var findings = calls.compactMap { call -> String? in
            guard let name = call.literal, call.isAlone, call.isCertain, given[name] == nil else { return nil }
            return "\(call.place): param: \(name) was not given: --param \(name)=…"
        }
        if !isComputed {
            for name in given.keys.sorted() where !read.contains(name) {
                findings.append(
                    "--param \(name): the script reads no parameter of that name"
                        + Spelling.suggestion(for: name, among: read))
            }
        }
        return findings
    }

    // MARK: Names of the configuration

    /// Secrets and servers that the script names and that are not configured.
    package func configurationFindings(secrets: [String], servers: some Collection<String>) -> [String] {
        let named = [
            ("secret", "among the configuration's secrets", secrets), ("server", "configured", Array(servers)),
        ]
        return named.flatMap { function, words, known -> [String] in
            guard !isRedefined(function) else { return [] }
            return calls(of: function).compactMap { call in
                guard let name = call.literal, call.isCertain, !known.contains(name) else { return nil }
                return "\(call.place): \(function): \"\(name)\" is not \(words)"
                    + Spelling.suggestion(for: name, among: known)
            }
        }
    }

    /// True if the name may mean something else than the library gives it.
    private func isRedefined(_ name: String) -> Bool {
        texts.contains { _, tokens in
            Preflight.isRedefined(name, in: tokens) || tokens.contains { Self.hiding.contains($0.name ?? "") }
        }
    }

    private struct Call {
        /// True if it is made whatever the script does: it stands in no function, loop, branch or condition, and nothing
        /// before it may end the script.
        let isCertain: Bool
        /// The first argument, if it is a text.
        let literal: String?
        /// True if there is no second argument.
        let isAlone: Bool
        let place: String
    }

    /// The calls of a global function. One that is given away counts as a call with a computed argument.
    private func calls(of function: String) -> [Call] {
        texts.flatMap { name, tokens in
            var depth = 0
            // What follows a way out of the script may never be reached.
            var mayBeOver = false
            return tokens.indices.compactMap { index -> Call? in
                switch tokens[index].name {
                case "function", "do", "if", "repeat": depth += 1
                case "end", "until": depth -= 1
                case "return", "finish", "skip", "fail", "error", "goto": mayBeOver = true
                default: break
                }
                guard tokens[index].isName(function), !Preflight.isField(index, tokens),
                    tokens[safe: index + 1]?.isSymbol("=") != true
                else { return nil }
                let place = "\(name):\(tokens[index].line)"
                let isConditional = ["and", "or"].contains(tokens[safe: index - 1]?.name)
                if let literal = tokens[safe: index + 1]?.string {
                    return Call(
                        isCertain: depth == 0 && !mayBeOver && !isConditional, literal: literal, isAlone: true,
                        place: place)
                }
                let end = tokens[safe: index + 3]
                guard tokens[safe: index + 1]?.isSymbol("(") == true, let literal = tokens[safe: index + 2]?.string,
                    end?.isSymbol(")") == true || end?.isSymbol(",") == true
                else { return Call(isCertain: false, literal: nil, isAlone: false, place: place) }
                return Call(
                    isCertain: depth == 0 && !mayBeOver && !isConditional, literal: literal,
                    isAlone: end?.isSymbol(")") == true, place: place)
            }
        }
    }

    // MARK: Globals

    private static let keywords: Set<String> = [
        "and", "break", "do", "else", "elseif", "end", "false", "for", "function", "goto", "if", "in", "local", "nil",
        "not",
        "or", "repeat", "return", "then", "true", "until", "while",
    ]

    /// What may make globals that the text does not show.
    private static let hiding: Set<String> = ["_ENV", "_G", "load", "rawset"]

    /// Names that nobody gives a value and that are called or looked into, or that are nearly one that the script gives:
    /// misspelt functions above all. A script may ask whether a name has a value; that is left alone.
    package var unknownGlobals: [String] {
        let names = texts.flatMap { _, tokens in tokens.compactMap(\.name) }
        guard Self.hiding.isDisjoint(with: names) else { return [] }
        var given: Set<String> = []
        for (_, tokens) in texts { given.formUnion(Self.defined(in: tokens)) }
        let known = Self.keywords.union(RunMachine.globals).union(given)
        let similar = RunMachine.globals.union(given).sorted()
        var findings: [String] = []
        for (name, tokens) in texts {
            for index in tokens.indices {
                guard let global = tokens[index].name, !known.contains(global), !Preflight.isField(index, tokens),
                    !Self.isLabel(index, tokens)
                else { continue }
                let isNearly = !Spelling.suggestion(for: global, among: given).isEmpty
                guard isNearly || Self.isUsed(tokens[safe: index + 1]) else { continue }
                let suggestion = Spelling.suggestion(for: global, among: similar)
                let finding = "\(name):\(tokens[index].line): nothing is called \"\(global)\" here\(suggestion)"
                if !findings.contains(finding) { findings.append(finding) }
            }
        }
        return findings
    }

    /// True if what follows a name calls it or looks into it: both raise for `nil`.
    private static func isUsed(_ next: SourceToken?) -> Bool {
        next?.string != nil || ["(", "{", ".", "[", ":"].contains(next?.symbol)
    }

    /// Every name that stands where something may be given one: rather too many than too few.
    private static func defined(in tokens: [SourceToken]) -> Set<String> {
        var names: Set<String> = []
        for index in tokens.indices {
            guard let name = tokens[index].name else { continue }
            if tokens[safe: index + 1]?.isSymbol("=") == true { names.insert(name) }
            if ["local", "function", "for"].contains(name) {
                // Up to the end of the list of names, parameters included.
                var next = index + 1
                while let token = tokens[safe: next], token.name.map({ $0 != "in" }) ?? isPartOfNames(token) {
                    if let name = token.name, !keywords.contains(name) { names.insert(name) }
                    if let name = token.name, keywords.contains(name), name != "function" { break }
                    next += 1
                }
            }
            // a, t.x, b = 1, 2, 3
            if tokens[safe: index + 1]?.isSymbol(",") == true {
                let rest = tokens[(index + 1)...].prefix { $0.name != nil || [",", ".", "[", "]"].contains($0.symbol) }
                if tokens[safe: rest.endIndex]?.isSymbol("=") == true { names.insert(name) }
            }
        }
        return names
    }

    private static func isPartOfNames(_ token: SourceToken) -> Bool {
        [",", "(", ".", ":", "<", ">"].contains { token.isSymbol($0) } || token.isSymbol("...")
    }

    /// `goto name` and `::name::`, and an attribute as `<close>`.
    private static func isLabel(_ index: Int, _ tokens: [SourceToken]) -> Bool {
        let before = tokens[safe: index - 1]
        return before?.isName("goto") == true || before?.isSymbol("::") == true
            || (before?.isSymbol("<") == true && tokens[safe: index + 1]?.isSymbol(">") == true)
    }
}

extension Array {
    /// `nil` beyond its ends.
    subscript(safe index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
