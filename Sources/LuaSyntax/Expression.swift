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
        /// Fields and calls behind something, from left to right. A slice, so that what stands before a call is no copy.
        case suffixed(Expression, ArraySlice<Suffix>)
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
        case .suffixed(let base, let suffixes): base.path(through: suffixes)
        default: nil
        }
    }

    /// The path from a global through fields; `nil` if something else is among them.
    func path(through suffixes: ArraySlice<Suffix>) -> String? {
        guard var path = globalPath else { return nil }
        for suffix in suffixes {
            guard case .field(let name) = suffix.kind else { return nil }
            path += "." + name
        }
        return path
    }

    /// The call that it is, if its last part is one.
    package var call: Call? {
        guard case .suffixed(let base, let suffixes) = kind, let last = suffixes.last else { return nil }
        return Call(base, suffixes.dropLast(), last)
    }
}
