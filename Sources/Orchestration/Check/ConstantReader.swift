import LuaSyntax
import LuaVM

/// Finds out what an expression is that is written out, without running anything of the script.
struct ConstantReader {
    /// Holds tables and functions that were read.
    let vm: LuaVM
    private let source: SourceText

    init(_ source: SourceText, _ vm: LuaVM) {
        self.source = source
        self.vm = vm
    }

    /// The value of an expression that is written out; `nil` if it depends on something. A table of which only a part is
    /// known is an empty table here: what it holds is not known.
    func value(of expression: Expression) -> LuaValue? {
        let expression = meant(by: expression)
        if isConstant(expression) { return evaluate(source.text(of: expression.tokens)) }
        if expression.table != nil { return evaluate("{}") }
        return nil
    }

    /// The value of a local that is given one and never another, else the expression itself.
    func meant(by expression: Expression) -> Expression {
        guard case .name(_, let variable?) = expression.kind, !variable.isAssigned, variable.attribute != "close",
            let value = variable.value, isConstant(value), value.table == nil
        else { return expression }
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

    private func evaluate(_ text: String) -> LuaValue? {
        guard let program = try? vm.load("return " + text, name: "=check") else { return nil }
        vm.spawn(program)
        guard case .ended(_, .returned(let values))? = vm.next() else { return nil }
        return values.first ?? .nil
    }
}
