/// An expression of a script.
package struct Expression {
    /// What it is. What repeats to the left is a list, so that long chains of operators or calls are no deep trees.
    package indirect enum Kind {
        case `nil`
        case boolean(Bool)
        case number
        /// A text, escapes left as they are written.
        case string(String)
        case varargs
        /// `nil` for a global.
        case name(String, Variable?)
        case function(FunctionBody)
        case table([TableEntry])
        case parenthesised(Expression)
        case unary(symbol: String, Expression)
        /// Operators of the same rank, from left to right.
        case binary(Expression, [(symbol: String, operand: Expression)])
        /// Fields and calls behind something, from left to right.
        case suffixed(Expression, [Suffix])
    }

    /// What it is.
    package let kind: Kind
    /// Positions of its tokens.
    package let tokens: Range<Int>

    /// The text of a string by itself.
    package var string: String? { if case .string(let text) = kind { text } else { nil } }

    /// The body of a function by itself.
    package var function: FunctionBody? { if case .function(let body) = kind { body } else { nil } }

    /// The entries of a table by itself.
    package var table: [TableEntry]? { if case .table(let entries) = kind { entries } else { nil } }

    /// A global's name, or the path from one through fields: `execute`, `studio.jobs`.
    package var globalPath: String? {
        switch kind {
        case .name(let name, nil): name
        case .suffixed(let base, let suffixes):
            suffixes.reduce(base.globalPath) { path, suffix in
                guard let path, case .field(let name) = suffix.kind else { return nil }
                return path + "." + name
            }
        default: nil
        }
    }

    /// The call that it is, if its last part is one.
    package var call: Call? {
        guard case .suffixed(let base, let suffixes) = kind, let last = suffixes.last else { return nil }
        let before = suffixes.dropLast()
        let isFirst = !before.contains { if case .call = $0.kind { true } else { false } }
        return Call(base, before, last, isFirst: isFirst)
    }
}
