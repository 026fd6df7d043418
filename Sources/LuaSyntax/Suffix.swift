/// What stands behind an expression: a field, an index or a call.
package struct Suffix {
    /// What it is.
    package enum Kind {
        case field(String)
        case index(Expression)
        /// The method's name for `x:name(…)`.
        case call(method: String?, [Expression], Style)
    }

    /// How the arguments of a call are written.
    package enum Style {
        case parentheses
        /// `f "text"`
        case string
        /// `f { … }`
        case table
    }

    /// What it is.
    package let kind: Kind
    /// Positions of its tokens.
    package let tokens: Range<Int>
    /// True if a call stands before it in its chain, as for the field of `f().name`.
    package let followsCall: Bool

    /// True for a call.
    var isCall: Bool { if case .call = kind { true } else { false } }
}
