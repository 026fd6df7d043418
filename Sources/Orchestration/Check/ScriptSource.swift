import DataStudio
import LuaSyntax

/// A script with its modules, as text: what is wrong with it, and what it uses of the run it is to be.
package struct ScriptSource {
    struct Text {
        let name: String
        let source: SourceText
        let calls: [(call: Call, isCertain: Bool)]
        /// False for a module, which may never be loaded.
        let isScript: Bool
        /// True for a module that is only there in case that its name is computed: what is wrong with it is not reported.
        let isPossible: Bool
    }

    /// So many things of a kind are reported that a script names and that are not there: nobody reads more of them.
    static let mostFindings = 100

    /// The script itself first.
    private let texts: [Text]
    let globals: GlobalNames

    /// A script and the modules it requires, all of which parse.
    ///
    /// - Parameter possible: modules that it may require besides, as it computes names.
    package init(_ text: String, name: String, modules: [String: String] = [:], possible: [String: String] = [:]) {
        func read(_ name: String, _ content: String, isScript: Bool = false, isPossible: Bool = false) -> Text {
            let source = SourceText(content)
            var collector = CallCollector()
            collector.walk(source.block)
            return Text(
                name: name, source: source, calls: collector.found, isScript: isScript, isPossible: isPossible)
        }
        texts =
            [read(name, text, isScript: true)] + modules.sorted { $0.key < $1.key }.map { read($0.key, $0.value) }
            + possible.sorted { $0.key < $1.key }.map { read($0.key, $0.value, isPossible: true) }
        globals = GlobalNames(texts.map(\.source))
    }

    /// What is wrong, or seems to be, whatever the script is run with.
    package var findings: [Finding] {
        texts.filter { !$0.isPossible }.flatMap { ScriptCheck.findings(in: $0.source, name: $0.name, globals) }
    }

    /// Why a text does not parse; `nil` if it does.
    package static func syntaxFinding(in text: String, name: String) -> Finding? {
        SyntaxFault.finding(in: text, name: name)
    }

    // MARK: Modules

    /// The modules that a text requires by literal names, each once, in their order, and whether there may be others, whose
    /// names it computes: all are kept with the run.
    package static func modules(in text: String) -> (names: [String], isComputed: Bool) {
        // By its tokens: a module is kept with the run whatever else its text has.
        let tokens = SourceLexer.tokens(of: text)
        var names: [String] = []
        var seen: Set<String> = []
        var isComputed = false
        for index in tokens.indices where tokens[index].isName("require") && !tokens[..<index].endsWithDot {
            let isInBrackets = tokens[safe: index + 1]?.isSymbol("(") == true
            let name = tokens[safe: index + (isInBrackets ? 2 : 1)]?.string
            // As require("steps." .. name), or pcall(require, name).
            guard let name, tokens[safe: index + 3]?.isSymbol("..") != true || !isInBrackets else {
                isComputed = true
                continue
            }
            if seen.insert(name).inserted { names.append(name) }
        }
        return (names, isComputed)
    }

    /// Libraries that are there without a file.
    package static let libraries: Set = [
        "string", "table", "math", "utf8", "coroutine", "os", "debug", "baton.test",
    ]

    /// Modules that are required by literal names, and are not there.
    ///
    /// - Parameter missing: where a module was looked for; `nil` if it is there.
    package func moduleFindings(_ missing: (String) -> [String]?) -> [Finding] {
        guard globals.isOfLibrary("require") else { return [] }
        let absent = calls(of: "require").compactMap { text, call, isCertain -> Finding? in
            guard !text.isPossible, call.arguments.count == 1, let name = call.arguments.first?.plainString,
                !Self.libraries.contains(name), let places = missing(name)
            else { return nil }
            let looked = places.isEmpty ? "" : ": neither \(places.joined(separator: " nor "))"
            return finding(
                .missingModule, text, call.arguments.first?.tokens ?? call.tokens,
                "require: there is no module \"\(name)\"\(looked)", isCertain: isCertain)
        }
        return Array(absent.prefix(Self.mostFindings))
    }

    // MARK: Secrets

    /// Of the configured secrets those that it may use: the ones it names, or all if it computes a name.
    package func secrets(among configured: [String]) -> [String] {
        let names = names("secret")
        return names.isComputed || globals.mayBeHidden ? configured : configured.filter(names.literal.contains)
    }

    /// The literal first arguments of a global function, and whether there may be others: it is given away, or called
    /// with what is not a text.
    private func names(_ function: String) -> (literal: Set<String>, isComputed: Bool) {
        let uses = texts.map { text in
            text.source.tokens.indices.count { index in
                text.source.tokens[index].isName(function) && !text.source.tokens[..<index].endsWithDot
                    && text.source.tokens[safe: index + 1]?.isSymbol("=") != true
            }
        }.reduce(0, +)
        let calls = calls(of: function)
        let literal = calls.compactMap { $0.call.arguments.first?.plainString }
        return (Set(literal), literal.count < uses)
    }

    /// The secrets that it names.
    package var namedSecrets: [String] { names("secret").literal.sorted() }

    /// The servers that it names, as `server "staging"` or as an option.
    package var namedServers: [String] {
        names("server").literal.union(serverOptions.map(\.name)).sorted()
    }

    /// The servers that options name: `server = "staging"`.
    var serverOptions: [(text: Text, name: String, token: Int)] {
        texts.flatMap { text -> [(text: Text, name: String, token: Int)] in
            let tokens = text.source.tokens
            return tokens.indices.compactMap { index -> (text: Text, name: String, token: Int)? in
                guard tokens[index].isName("server"), tokens[safe: index + 1]?.isSymbol("=") == true,
                    let name = tokens[safe: index + 2]?.string, tokens[safe: index + 3]?.isSymbol("..") != true
                else { return nil }
                return (text, name, index + 2)
            }
        }
    }

    // MARK: Parameters

    /// Parameters that are given and not read, and those that are required and not given. Names that the script computes
    /// are not known here.
    package func parameterFindings(_ given: [String: String]) -> [Finding] {
        guard globals.isOfLibrary("param") else { return [] }
        let calls = calls(of: "param")
        let unread = calls.lazy.compactMap { text, call, isCertain -> Finding? in
            guard let name = call.arguments.first?.plainString, call.arguments.count == 1, isCertain, given[name] == nil
            else {
                return nil
            }
            return finding(
                .missingParameter, text, call, "param: \(name) was not given: --param \(name)=…")
        }
        var findings = Array(unread.prefix(Self.mostFindings))
        let (read, isComputed) = parametersRead
        if !isComputed {
            for name in given.keys.sorted() where !read.contains(name) {
                findings.append(
                    Finding(
                        code: .unreadParameter, file: "--param \(name)", line: 0, column: 0,
                        message: "the script reads no parameter of that name"
                            + Spelling.suggestion(for: name, among: read)))
            }
        }
        return findings
    }

    /// The names of parameters that are read, and whether there may be others.
    private var parametersRead: (names: Set<String>, isComputed: Bool) {
        var (read, isComputed) = names("param")
        for text in texts {
            let tokens = text.source.tokens
            for index in tokens.indices where tokens[index].isName("params") && !tokens[..<index].endsWithDot {
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
        return (read, isComputed)
    }

    // MARK: Labels

    /// Labels that the script starts on its own server and in its own space, as far as they stand in it, and that are not
    /// among those of the server.
    package func labelFindings(known: Set<String>) -> [Finding] {
        var spelling = SpellingSearch(among: known)
        return labels.lazy.filter { !known.contains($0.label) }.prefix(Self.mostFindings).map { text, label, tokens in
            finding(
                .unknownLabel, text, tokens,
                "the server has no workflow labelled \"\(label)\"" + spelling.suggestion(for: label),
                fix: spelling.nearest(to: label).map { "\"\($0)\"" })
        }
    }

    /// The labels that it certainly starts on its own server and in its own space, each once.
    package var startedLabels: [String] { labels.map(\.label) }

    /// All labels that it names, whatever it does with them, on whatever server.
    package var namedLabels: Set<String> {
        var labels: Set<String> = []
        for text in texts {
            for (call, _) in text.calls {
                guard let path = call.path, ["execute", "start", "state", "parallel", "chain"].contains(path) else {
                    continue
                }
                for argument in call.arguments {
                    for item in argument.table?.filter(\.isPositional).map(\.value) ?? [argument] {
                        if let label = (item.table?.first { $0.isPositional }?.value ?? item).string {
                            labels.insert(label)
                        }
                    }
                }
            }
        }
        return labels
    }

    private var labels: [(text: Text, label: String, tokens: Range<Int>)] {
        guard let text = texts.first else { return [] }
        // What names another server or space may mean all that follows: nothing is certain then.
        let isCertain = !text.source.tokens.indices.contains { index in
            let tokens = text.source.tokens
            return tokens[index].isName("defaults")
                || (tokens[index].isName("server") && tokens[safe: index + 1] != nil)
                || (tokens[index].isName("space") && tokens[safe: index + 1]?.isSymbol("=") == true)
        }
        guard isCertain else { return [] }
        var found: [(text: Text, label: String, tokens: Range<Int>)] = []
        var seen: Set<String> = []
        func add(_ expression: Expression?) {
            guard let expression, let label = expression.plainString, seen.insert(label).inserted else { return }
            found.append((text, label, expression.tokens))
        }
        for (call, _) in text.calls {
            guard let path = call.path, ["execute", "start", "parallel", "chain"].contains(path),
                globals.isOfLibrary(path), let first = call.arguments.first
            else { continue }
            let isList = path == "parallel" || path == "chain"
            let items = first.table?.filter(\.isPositional).map(\.value) ?? (isList ? call.arguments : [first])
            for item in isList ? items[...] : items.prefix(1) {
                add(item.table?.first { $0.isPositional }?.value ?? item)
            }
        }
        return found
    }

    // MARK: Calls

    func calls(of function: String) -> [(text: Text, call: Call, isCertain: Bool)] {
        texts.flatMap { text in
            text.calls.filter { $0.call.path == function }.map { (text, $0.call, $0.isCertain && text.isScript) }
        }
    }

    func finding(_ code: Finding.Code, _ text: Text, _ call: Call, _ message: String) -> Finding {
        finding(code, text, call.arguments.first?.tokens ?? call.tokens, message)
    }

    func finding(
        _ code: Finding.Code, _ text: Text, _ tokens: Range<Int>, _ message: String, fix: String? = nil,
        isCertain: Bool = true
    ) -> Finding {
        Finding(
            code: code, file: text.name, line: text.source.line(of: tokens.lowerBound),
            column: text.source.column(of: tokens.lowerBound), length: text.source.text(of: tokens).count,
            message: message, fix: fix, isCertain: isCertain)
    }
}

extension Expression {
    /// A text that means what is written: without escapes.
    var plainString: String? { string.flatMap { $0.contains("\\") ? nil : $0 } }
}

extension ArraySlice<SourceToken> {
    /// True if what follows is a field or a method.
    var endsWithDot: Bool { last?.isSymbol(".") == true || last?.isSymbol(":") == true }
}

extension Collection {
    /// `nil` beyond its ends.
    subscript(safe index: Index) -> Element? { indices.contains(index) ? self[index] : nil }
}
