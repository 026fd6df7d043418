import DataStudio
import LuaSyntax
import LuaVM

/// Calls of the script library.
extension ScriptCheck {
    /// What is wrong with an argument, and where.
    private struct Problem {
        var code = Finding.Code.wrongType
        let tokens: Range<Int>
        let message: String
        var fix: String?
        var isCertain = true
    }

    mutating func check(_ call: Call) {
        if call.calleeIsCall, call.style != .parentheses { checkCalledResult(call) }
        if case .name(let name, let variable?) = call.callee.kind {
            checkHidden(name, variable, at: call.callee.tokens)
        }
        guard let path = call.path ?? pathOnServer(call), globals.isOfLibrary(path) else { return }
        switch path {
        case "pcall", "spawn": checkPassedOn(call, function: 0)
        case "timeout", "deadline", "retry": checkPassedOn(call, function: 1)
        case "xpcall": checkHandler(call)
        default: break
        }
        guard let signatures = Signature.library[path] else { return }
        check(call.arguments, of: path, signatures, at: call.callee.tokens)
    }

    /// `execute` for `staging.execute` where `staging` is `server "staging"`.
    private func pathOnServer(_ call: Call) -> String? {
        guard call.isFirst, case .suffixed(let base, let suffixes) = call.callee.kind,
            case .name(_, let variable?) = base.kind,
            !variable.isAssigned, variable.value?.call?.path == "server", globals.isOfLibrary("server")
        else { return nil }
        let path = suffixes.map { suffix in if case .field(let name) = suffix.kind { name } else { "" } }
            .joined(separator: ".")
        return ["execute", "start", "state"].contains(path) || path.hasPrefix("studio.") ? path : nil
    }

    /// `execute "a" { … }`
    private mutating func checkCalledResult(_ call: Call) {
        guard let inner = call.callee.call, let path = inner.path, globals.isOfLibrary(path),
            Signature.library[path] != nil, inner.style != .parentheses, !["param", "server"].contains(path)
        else { return }
        let argument = source.text(of: inner.arguments[0].tokens)
        let takesOptions = ["execute", "start"].contains(path)
        let options = call.arguments[0].table.map { $0.isEmpty ? "" : source.text(of: call.arguments[0].tokens) }
        find(
            .calledResult, at: call.tokens,
            "\(path): \(argument) { … } calls what it returns"
                + (takesOptions ? ": options stand in the same table, \(path) { \(argument), … }" : ""),
            fix: takesOptions && inner.arguments[0].string != nil
                ? options.map { "\(path) { \(argument), \($0.dropFirst().drop { $0 == " " })" } : nil)
    }

    /// `pcall(deadline, "06:00", f)` calls `deadline("06:00", f)`.
    private mutating func checkPassedOn(_ call: Call, function position: Int) {
        guard call.arguments.count > position, let path = call.arguments[position].globalPath,
            globals.isOfLibrary(path),
            let signatures = Signature.library[path]
        else { return }
        check(
            Array(call.arguments.dropFirst(position + 1)), of: path, signatures, at: call.arguments[position].tokens)
    }

    /// The message handler of `xpcall` cannot wait.
    private mutating func checkHandler(_ call: Call) {
        guard call.arguments.count > 1 else { return }
        let handler = call.arguments[1]
        var calls: [(path: String, tokens: Range<Int>)] = []
        if let path = handler.globalPath { calls.append((path, handler.tokens)) }
        if let body = handler.function {
            var collector = CallCollector()
            collector.walk(body.block)
            calls += collector.calls.compactMap { call in call.path.map { ($0, call.callee.tokens) } }
        }
        for (path, tokens) in calls where WaitingFunction(rawValue: path) != nil && globals.isOfLibrary(path) {
            // It runs only after an error, and what stands in functions of its own perhaps never.
            find(
                .cannotWait, at: tokens, "\(path) waits, and cannot wait here: in the message handler of xpcall",
                isCertain: false)
        }
    }

    // MARK: Arguments

    private mutating func check(
        _ arguments: [Expression], of function: String, _ signatures: [Signature], at callee: Range<Int>
    ) {
        // What a call or ... at the end stands for is not known.
        var isOpen = false
        if let last = arguments.last {
            if case .varargs = last.kind { isOpen = true }
            if last.call != nil { isOpen = true }
        }
        let isTable = arguments.first?.table != nil
        let takesTable = signatures.contains { $0.parameters.first?.type.takesTable == true }
        let fitting = signatures.filter { signature in
            // A table that stands first is meant for the form that takes one.
            let isMeant = function == "parallel" && arguments.count > 1
            if isTable, takesTable, !isMeant, signature.parameters.first?.type.takesTable != true { return false }
            return signature.takes(arguments.count)
                || isOpen && (arguments.count - 1...arguments.count + 20).contains { signature.takes($0) }
        }
        guard !fitting.isEmpty else { return checkCount(arguments, of: function, signatures, at: callee) }
        let attempts = fitting.map { problems(arguments, function, $0) }
        guard !attempts.contains(where: \.isEmpty) else { return }
        if !isOpen, let swapped = swapped(arguments, function, fitting) {
            return find(
                .swappedArguments,
                at: arguments[0].tokens.lowerBound..<arguments[arguments.count - 1].tokens.upperBound,
                "\(function): the arguments are in the wrong order: \(usage(of: function))", fix: swapped,
                isCertain: attempts.allSatisfy { $0.contains(where: \.isCertain) })
        }
        // The reading that comes farthest is the one that was meant.
        let best = attempts.max { ($0.first?.tokens.lowerBound ?? 0) < ($1.first?.tokens.lowerBound ?? 0) } ?? []
        for problem in best {
            find(
                problem.code, at: problem.tokens, "\(function): \(problem.message)", fix: problem.fix,
                isCertain: problem.isCertain)
        }
    }

    private func usage(of function: String) -> String {
        LibraryReference.functions.first { $0.name == function }?.usage ?? function
    }

    private mutating func checkCount(
        _ arguments: [Expression], of function: String, _ signatures: [Signature], at callee: Range<Int>
    ) {
        let most = signatures.map(\.parameters.count).max() ?? 0
        if arguments.count > most {
            find(
                .wrongArguments, at: arguments[most].tokens,
                "\(function): it takes \(most == 0 ? "nothing" : "\(most) at most"): \(usage(of: function))",
                isCertain: false)
        } else {
            find(.wrongArguments, at: callee, "\(function): something is missing: \(usage(of: function))")
        }
    }

    /// The arguments in the order that would be right, if two of them are the other way round.
    private func swapped(_ arguments: [Expression], _ function: String, _ signatures: [Signature]) -> String? {
        let places = arguments.indices.prefix(signatures.map(\.parameters.count).max() ?? 0)
        for first in places {
            for second in places where second > first {
                var other = arguments
                other.swapAt(first, second)
                if signatures.contains(where: { problems(other, function, $0).isEmpty }) {
                    return other.map { source.text(of: $0.tokens) }.joined(separator: ", ")
                }
            }
        }
        return nil
    }

    private func problems(_ arguments: [Expression], _ function: String, _ signature: Signature) -> [Problem] {
        var found: [Problem] = []
        for (argument, parameter) in zip(arguments, signature.parameters) {
            if case .nil = argument.kind, parameter.isOptional { continue }
            found += problems(argument, as: parameter, function)
        }
        if function == "parallel", signature.parameters.isEmpty {
            // Options in a table of their own say what is wrong with all of it.
            if let options = arguments.first(where: { $0.table.map(areOptions) == true }) {
                found += itemProblems(options)
            } else {
                for argument in arguments { found += itemProblems(argument) }
            }
        }
        // A text is always true: it was meant as the message.
        if function == "expect", arguments.count == 2, arguments[0].string != nil {
            found.append(
                Problem(
                    tokens: arguments[0].tokens, message: "the condition is a text, which always holds",
                    isCertain: false))
        }
        return found
    }

    private func problems(_ argument: Expression, as parameter: Signature.Parameter, _ function: String) -> [Problem] {
        if let entries = argument.table {
            switch parameter.type {
            case .options(let options): return optionProblems(entries, options)
            case .step(let options): return stepProblems(entries, options, at: argument.tokens)
            case .items(let options): return listProblems(entries, options)
            default: break
            }
        }
        if parameter.type == .handle || parameter.type == .handles, let problem = waitedTwice(argument, function) {
            return [problem]
        }
        if parameter.type == .function, let problem = calledTooEarly(argument) { return [problem] }
        guard let value = constants.value(of: argument) else { return [] }
        return problem(argument.tokens) { () throws(ArgumentError) in
            if function == "wait", parameter.type == .handle, value.text != nil || value.double != nil {
                throw ArgumentError("a handle was expected; for a duration use sleep(\(value.article))")
            }
            try parameter.type.check(value, as: parameter.name, constants.vm)
        }.map { problem in
            var problem = problem
            if parameter.type == .parameterName, value.text?.isEmpty == false { problem.isCertain = false }
            return [problem]
        } ?? []
    }

    /// `wait(execute "a")`: it is over already.
    private func waitedTwice(_ argument: Expression, _ function: String) -> Problem? {
        guard ["wait", "wait_any"].contains(function) else { return nil }
        for expression in argument.table?.map(\.value) ?? [argument] {
            guard let call = expression.call, let path = call.path, ["execute", "parallel"].contains(path),
                globals.isOfLibrary(path)
            else { continue }
            return Problem(
                code: .cannotWait, tokens: call.callee.tokens,
                message: "\(path) has waited already: there is nothing to wait for"
                    + (path == "execute" ? "; start returns a job that can be waited for" : ""),
                fix: path == "execute" ? "start" : nil)
        }
        return nil
    }

    /// `timeout("1h", execute "a")`: it is over before `timeout` begins, and what it returns is no function.
    private func calledTooEarly(_ argument: Expression) -> Problem? {
        guard let call = argument.call, let path = call.path, globals.isOfLibrary(path),
            let returns = Signature.library[path]?.first?.returns, returns.first != "any"
        else { return nil }
        let text = source.text(of: argument.tokens)
        let whole = "function() return \(text) end"
        return Problem(
            code: .calledItem, tokens: argument.tokens,
            message: "\(path) is called first, and what it returns is no function: write function() … end around it",
            fix: whole)
    }

    private func problem(_ tokens: Range<Int>, _ check: () throws(ArgumentError) -> Void) -> Problem? {
        do {
            try check()
            return nil
        } catch {
            return Problem(tokens: tokens, message: error.message)
        }
    }

    // MARK: Tables

    /// - Parameter besideItems: true for the options of a list: there a run passes over `detach`.
    private func optionProblems(
        _ entries: [TableEntry], _ known: [LibraryOption], besideItems: Bool = false
    ) -> [Problem] {
        var found: [Problem] = []
        for entry in entries {
            guard let name = entry.name else {
                if entry.isPositional, !mayBeNothing(entry.value) {
                    found.append(Problem(tokens: entry.tokens, message: "options have names: option = value"))
                }
                continue
            }
            let key = entry.tokens.lowerBound..<entry.tokens.lowerBound + 1
            guard let option = known.first(where: { $0.name == name }) else {
                let names = known.map(\.name)
                found.append(
                    name == "detach"
                        ? Problem(
                            code: .unknownOption, tokens: key, message: "the option \"detach\" is for start only",
                            isCertain: !besideItems)
                        : Problem(
                            code: .unknownOption, tokens: key,
                            message: ArgumentError.unknownOption(name, among: names).message,
                            fix: Spelling.nearest(to: name, among: names)))
                continue
            }
            guard let value = constants.value(of: entry.value), !value.isNil else { continue }
            if let problem = problem(
                entry.value.tokens, { () throws(ArgumentError) in try option.check(value, constants.vm) })
            {
                found.append(problem)
            }
        }
        return found + orderProblems(entries)
    }

    /// `min` above `max`.
    private func orderProblems(_ entries: [TableEntry]) -> [Problem] {
        var options = StepOptions()
        for entry in entries where entry.name == "min" || entry.name == "max" {
            guard let value = constants.value(of: entry.value) else { return [] }
            try? options.set(entry.name ?? "", value, constants.vm)
        }
        guard let first = entries.first(where: { $0.name == "min" }) else { return [] }
        return problem(first.tokens) { () throws(ArgumentError) in try options.validate() }.map { [$0] } ?? []
    }

    private func stepProblems(_ entries: [TableEntry], _ options: [LibraryOption], at tokens: Range<Int>) -> [Problem] {
        var found = optionProblems(entries.filter { !$0.isPositional }, options)
        var list = entries.filter(\.isPositional)
        while let last = list.last, list.count > 1, mayBeNothing(last.value) { list.removeLast() }
        // { [1] = … } and { unpack(list) } may hold anything.
        let isKnown = entries.allSatisfy { if case .expression = $0.key { false } else { true } }
        guard let label = list.first else {
            if isKnown { found.insert(Problem(tokens: tokens, message: "the label is missing"), at: 0) }
            return found
        }
        if let value = constants.value(of: label.value),
            let problem = problem(
                label.tokens,
                { () throws(ArgumentError) in try ValueType.label.check(value, as: "the label", constants.vm) })
        {
            found.insert(problem, at: 0)
        }
        if list.count > 1 {
            found.append(
                Problem(
                    tokens: list[1].tokens,
                    message: "one label was expected; a second value follows"
                        + (list[1].value.string == nil ? "" : ": several workflows are for parallel")))
        }
        return found
    }

    private func listProblems(_ entries: [TableEntry], _ options: [LibraryOption]) -> [Problem] {
        var items = entries.filter(\.isPositional).map(\.value)
        // What is nil at the end is not there.
        while case .nil? = items.last?.kind { items.removeLast() }
        return optionProblems(entries.filter { !$0.isPositional }, options, besideItems: true)
            + items.flatMap(itemProblems)
    }

    /// What stands at the place of an item and runs at once, before the list is made.
    private static let notItems = ["execute", "sleep", "parallel", "parallel_each", "state"]

    /// True for what may add nothing where it stands last in a table.
    private func mayBeNothing(_ value: Expression) -> Bool {
        switch value.kind {
        case .nil, .varargs: true
        default: value.call != nil
        }
    }

    /// `{ limit = 2 }`
    private func areOptions(_ entries: [TableEntry]) -> Bool {
        !entries.isEmpty && entries.allSatisfy { entry in LibraryOption.lists.contains { $0.name == entry.name } }
    }

    private func itemProblems(_ item: Expression) -> [Problem] {
        if let entries = item.table {
            guard !areOptions(entries) else {
                return [
                    Problem(
                        tokens: item.tokens,
                        message: "options stand in the same table as the items: parallel { item, …, limit = 2 }")
                ]
            }
            return stepProblems(entries, LibraryOption.execute, at: item.tokens)
        }
        if let call = item.call, let path = call.path, Self.notItems.contains(path), globals.isOfLibrary(path) {
            let argument = source.text(of: call.arguments.first?.tokens ?? 0..<0)
            let isStep = path == "execute" && call.arguments.count == 1
            return [
                Problem(
                    code: .calledItem, tokens: item.tokens,
                    message: "\(path) is called before the list is made, and its result is no item"
                        + (isStep ? ": write \(argument)" : ": function() \(path)(…) end is one"),
                    fix: isStep ? argument : nil, isCertain: path != "sleep")
            ]
        }
        guard let value = constants.value(of: item) else { return [] }
        switch value {
        case .string(let label) where !label.isEmpty: return []
        case .boolean(false): return []
        case .reference(let reference) where reference.kind == .function: return []
        default:
            return [
                Problem(
                    tokens: item.tokens,
                    message: "a label, { label, option = … }, a function, a handle, a chain or false was expected; "
                        + "got \(value.article)")
            ]
        }
    }
}
