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
        guard let path = call.path ?? pathOnServer(call.callee), globals.isOfLibrary(path) else { return }
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
    private func pathOnServer(_ callee: Expression) -> String? {
        guard case .suffixed(let base, let suffixes) = callee.kind, case .name(_, let variable?) = base.kind,
            !variable.isAssigned, variable.value?.call?.path == "server"
        else { return nil }
        let names = suffixes.map { suffix in if case .field(let name) = suffix.kind { name } else { "" } }
        return names.joined(separator: ".")
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
            find(.cannotWait, at: tokens, "\(path) waits, and cannot wait here: in the message handler of xpcall")
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
        let isTable = arguments.count == 1 && arguments[0].table != nil
        let fitting = signatures.filter { signature in
            // A single table of parallel has the items.
            if isTable, signature.parameters.isEmpty, signature.takesMore, signatures.count > 1 { return false }
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
                "\(function): the arguments are in the wrong order: \(usage(of: function))", fix: swapped)
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
        for first in arguments.indices {
            for second in arguments.indices where second > first {
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
            for argument in arguments { found += itemProblems(argument) }
        }
        // A text is always true: it was meant as the message.
        if function == "expect", arguments.count == 2, arguments[0].string != nil {
            found.append(
                Problem(tokens: arguments[0].tokens, message: "the condition is a text, which always holds"))
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
            guard let call = expression.call, let path = call.path, ["execute", "wait", "parallel"].contains(path),
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

    private func problem(_ tokens: Range<Int>, _ check: () throws(ArgumentError) -> Void) -> Problem? {
        do {
            try check()
            return nil
        } catch {
            return Problem(tokens: tokens, message: error.message)
        }
    }

    // MARK: Tables

    private func optionProblems(_ entries: [TableEntry], _ known: [LibraryOption]) -> [Problem] {
        var found: [Problem] = []
        for entry in entries {
            guard let name = entry.name else {
                if entry.isPositional {
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
                            code: .unknownOption, tokens: key, message: "the option \"detach\" is for start only")
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
        let list = entries.filter(\.isPositional)
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
        optionProblems(entries.filter { !$0.isPositional }, options)
            + entries.filter(\.isPositional).flatMap { itemProblems($0.value) }
    }

    /// What stands at the place of an item and runs at once, before the list is made.
    private static let notItems = ["execute", "wait", "sleep", "parallel", "parallel_each", "phase", "state", "expect"]

    private func itemProblems(_ item: Expression) -> [Problem] {
        if let entries = item.table { return stepProblems(entries, LibraryOption.execute, at: item.tokens) }
        if let call = item.call, let path = call.path, Self.notItems.contains(path), globals.isOfLibrary(path) {
            let argument = source.text(of: call.arguments.first?.tokens ?? 0..<0)
            let isStep = path == "execute" && call.arguments.count == 1
            return [
                Problem(
                    code: .calledItem, tokens: item.tokens,
                    message: "\(path) is called before the list is made, and its result is no item"
                        + (isStep ? ": write \(argument)" : ": function() \(path)(…) end is one"),
                    fix: isStep ? argument : nil)
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
