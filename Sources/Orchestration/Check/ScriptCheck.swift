import DataStudio
import LuaSyntax
import LuaVM

/// Finds what is wrong in a script, or seems to be, without running it.
///
/// Names are followed to what they mean, so that what the script gives another meaning is left alone. Values that are
/// written out are read by the rules that a run has for them.
struct ScriptCheck: SyntaxVisitor {
    let name: String
    let source: SourceText
    let globals: GlobalNames
    let constants: ConstantReader
    /// What may have been meant by a name that nothing gives a value.
    var spelling: SpellingSearch
    private(set) var findings: [Finding] = []
    private var counts = (certain: 0, others: 0)

    /// So many findings of a text are kept, certain ones and others apart: nobody reads more of them.
    private static let most = 100

    private init(_ source: SourceText, name: String, _ globals: GlobalNames, _ vm: LuaVM) {
        self.source = source
        self.name = name
        self.globals = globals
        spelling = globals.spelling
        constants = ConstantReader(source, vm)
    }

    /// What is found in a text that parses, in its order.
    ///
    /// - Parameter globals: the names that all texts of the script know.
    static func findings(in source: SourceText, name: String, _ globals: GlobalNames) -> [Finding] {
        // Of a tree that is not whole nothing is certain.
        guard source.isComplete, let vm = try? LuaVM() else { return [] }
        var check = ScriptCheck(source, name: name, globals, vm)
        check.walk(source.block)
        // One place, one finding of a kind: the one that is certain, if there is one.
        var seen: Set<[String]> = []
        return check.findings.sorted { $0.isCertain && !$1.isCertain }
            .filter { seen.insert([$0.code.rawValue, "\($0.line)", "\($0.column)"]).inserted }
            .sorted { ($0.line, $0.column) < ($1.line, $1.column) }
    }

    /// False if a finding would not be kept.
    func hasRoom(isCertain: Bool) -> Bool { (isCertain ? counts.certain : counts.others) < Self.most }

    /// Notes a finding about these tokens.
    mutating func find(
        _ code: Finding.Code, at tokens: Range<Int>, _ message: String, fix: String? = nil, isCertain: Bool = true
    ) {
        guard hasRoom(isCertain: isCertain) else { return }
        if isCertain { counts.certain += 1 } else { counts.others += 1 }
        let marked = source.text(of: tokens)
        let firstLine = marked.prefix { $0 != "\n" }
        findings.append(
            Finding(
                code: code, file: name, line: source.line(of: tokens.lowerBound),
                column: source.column(of: tokens.lowerBound), length: max(1, firstLine.count), message: message,
                fix: firstLine.count == marked.count ? fix : nil, isCertain: isCertain))
    }

    // MARK: What is looked at

    mutating func visit(block: [Statement]) {
        checkReach(of: block)
    }

    mutating func visit(_ statement: Statement, isCertain: Bool) {
        switch statement.kind {
        case .assignment(let targets, _): for target in targets { checkAssignment(to: target) }
        case .function(let target, _): checkAssignment(to: target)
        case .call(let expression): checkIdleChain(expression)
        default: break
        }
    }

    mutating func visit(_ expression: Expression, isCertain: Bool) {
        checkNames(in: expression)
        switch expression.kind {
        case .binary(let first, let rest): checkOperators(first, rest)
        case .suffixed: for call in Call.all(in: expression) { check(call) }
        default: break
        }
    }

    // MARK: The course of the script

    private static let waysOut = ["finish", "skip", "fail", "restart_with", "error"]

    private mutating func checkReach(of block: [Statement]) {
        for (statement, next) in zip(block, block.dropFirst()) {
            guard case .call(let expression) = statement.kind, let path = expression.call?.path,
                Self.waysOut.contains(path), globals.isOfLibrary(path)
            else { continue }
            // A label can be reached from elsewhere.
            if block.contains(where: { if case .label = $0.kind { true } else { false } }) { return }
            find(
                .unreachable, at: next.tokens.lowerBound..<next.tokens.lowerBound + 1,
                "this is never reached: \(path) in line \(source.line(of: statement.tokens.lowerBound)) ends "
                    + (path == "error" ? "the function" : "the run"),
                isCertain: false)
            return
        }
    }

    /// A local that hides a function of the library is called, and cannot be: `local state = state "a"`, and later
    /// `state "b"`. One that is a function, or may be, is meant.
    mutating func checkHidden(_ name: String, _ variable: Variable, at tokens: Range<Int>) {
        guard Signature.library[name] != nil, !variable.isAssigned, let value = variable.value,
            hasRoom(isCertain: false)
        else {
            return
        }
        let returns = value.call?.path.flatMap { globals.isOfLibrary($0) ? Signature.library[$0]?.first?.returns : nil }
        let isKnown =
            constants.value(given: value).map { $0.function == nil } ?? (returns.map { $0.first != "any" } ?? false)
        guard isKnown else { return }
        find(
            .hiddenFunction, at: tokens,
            "\"\(name)\" is the local of line \(source.line(of: variable.token)) here, which hides the function; give it "
                + "another name",
            isCertain: false)
    }

    private mutating func checkAssignment(to target: Expression) {
        guard let path = target.globalPath, Signature.library[path] != nil || Signature.values[path] != nil else {
            return
        }
        let what = Signature.library[path] == nil ? "what the library has there" : "the function of that name"
        find(
            .assignedFunction, at: target.tokens, "\"\(path)\" takes the place of \(what); give it another name",
            isCertain: false)
    }

    private mutating func checkIdleChain(_ expression: Expression) {
        guard let call = expression.call, call.path == "chain", globals.isOfLibrary("chain") else { return }
        find(
            .idleChain, at: call.callee.tokens,
            "chain: a chain by itself does not run: give it to parallel, write wait(chain { … }), or one execute after "
                + "the other")
    }

    // MARK: Operators

    private static let comparisons = ["<", ">", "<=", ">=", "==", "~="]
    private static let timeFields = ["started", "finished", "duration", "modified", "refreshed"]
    private static let timeFunctions = ["now", "os.time", "os.clock", "seconds"]

    private mutating func checkOperators(_ first: Expression, _ rest: [(symbol: String, operand: Expression)]) {
        var left = first
        for (symbol, operand) in rest {
            if symbol == ".." { checkAppended(left, operand) }
            if symbol == "==" || symbol == "~=" {
                for (state, text) in [(left, operand), (operand, left)] where isState(state) { checkState(text) }
            }
            if Self.comparisons.contains(symbol) {
                for (time, text) in [(left, operand), (operand, left)] where text.string != nil && isTime(time) {
                    let isOrder = symbol != "==" && symbol != "~="
                    find(
                        .comparedTime, at: text.tokens,
                        "\(source.text(of: time.tokens)) is a number of seconds"
                            + (isOrder ? ", which cannot be compared with a text" : ", which is never equal to a text")
                            + "; a duration is seconds \"…\", a time of the day os.date(\"%H:%M\", …)",
                        isCertain: false)
                }
            }
            left = operand
        }
    }

    private func isState(_ expression: Expression) -> Bool {
        expression.call?.path == "state" && globals.isOfLibrary("state")
    }

    /// `state "load" == "Completed"`
    private mutating func checkState(_ text: Expression) {
        guard let word = text.string, JobState(rawValue: word) == nil else { return }
        let right = JobState(rawValue: word.uppercased())?.rawValue
        find(
            .comparedState, at: text.tokens,
            "state never returns \"\(word)\""
                + (right.map { ", but \"\($0)\"" }
                    ?? "; it returns \(JobState.allCases.map(\.rawValue).joined(separator: ", ")) or nil"),
            fix: right.map { "\"\($0)\"" }, isCertain: false)
    }

    private func isTime(_ expression: Expression) -> Bool {
        if let path = expression.call?.path { return Self.timeFunctions.contains(path) && globals.isOfLibrary(path) }
        guard case .suffixed(_, let suffixes) = expression.kind, case .field(let name)? = suffixes.last?.kind else {
            return false
        }
        return Self.timeFields.contains(name)
    }

    /// `execute "a" .. x` starts `a`, and appends to what it returns.
    private mutating func checkAppended(_ left: Expression, _ right: Expression) {
        guard let call = left.call, call.style == .string, let path = call.path, globals.isOfLibrary(path),
            let signatures = Signature.library[path],
            !signatures.contains(where: {
                ["string", "any", "number", "integer", "baton.State?"].contains($0.returns.first)
            })
        else { return }
        let argument = source.text(of: call.arguments[0].tokens)
        let whole = "\(path)(\(argument) .. \(source.text(of: right.tokens)))"
        find(
            .appendedResult, at: left.tokens.lowerBound..<right.tokens.upperBound,
            "\(path) \(argument) is called first, and the text is appended to what it returns: write \(whole)",
            fix: whole, isCertain: !["finish", "skip", "fail"].contains(path))
    }
}
