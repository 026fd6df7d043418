import LuaSyntax
import LuaVM

/// Finds out what an expression is that is written out, without running anything of the script.
struct ConstantReader {
    /// Holds tables and functions that were read.
    let vm: LuaVM
    private let source: SourceText
    private let cache = Cache()

    /// What locals are given, by the positions of its tokens.
    private final class Cache {
        var values: [Range<Int>: LuaValue?] = [:]
    }

    init(_ source: SourceText, _ vm: LuaVM) {
        self.source = source
        self.vm = vm
    }

    /// The value of an expression that is written out, or of a local that is given one and never another; `nil` if it
    /// depends on something. A table of which only a part is known is an empty table here: what it holds is not known.
    func value(of expression: Expression) -> LuaValue? {
        if isConstant(expression) { return evaluate(expression) }
        if expression.table != nil { return evaluate("{}") }
        guard case .name(_, let variable?) = expression.kind, !variable.isAssigned, variable.attribute != "close",
            let value = variable.value, value.table == nil
        else { return nil }
        if case .name = value.kind { return nil }
        return self.value(given: value)
    }

    /// The same of what a local is given, which is read once however often the local is used.
    func value(given expression: Expression) -> LuaValue? {
        if let known = cache.values[expression.tokens] { return known }
        let value = value(of: expression)
        cache.values[expression.tokens] = .some(value)
        return value
    }

    private func isConstant(_ expression: Expression) -> Bool {
        switch expression.kind {
        case .nil, .boolean, .number, .string, .function: true
        case .varargs, .name, .suffixed: false
        case .table(let entries):
            entries.allSatisfy { entry in
                if case .expression(let key) = entry.key, !isConstant(key) { return false }
                return isConstant(entry.value)
            }
        case .parenthesised(let inner): isConstant(inner)
        case .unary(let symbol, let operand): symbol == "-" && isConstant(operand) && operand.function == nil
        case .binary(let first, let rest): ([first] + rest.map(\.operand)).allSatisfy(isConstant)
        }
    }

    /// Of a function only that it is one matters, and it may be long.
    private func evaluate(_ expression: Expression) -> LuaValue? {
        evaluate(expression.function == nil ? source.text(of: expression.tokens) : "function() end")
    }

    private func evaluate(_ text: String) -> LuaValue? {
        guard let program = try? vm.load("return " + text, name: "=check") else { return nil }
        vm.spawn(program)
        guard case .ended(_, .returned(let values))? = vm.next() else { return nil }
        return values.first ?? .nil
    }
}
