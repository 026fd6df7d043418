/// An entry of a table that is written out.
package struct TableEntry {
    /// What gives it its place.
    package enum Key {
        /// The next position of the list.
        case position
        /// `name = value`
        case name(String)
        /// `[key] = value`
        case expression(Expression)
    }

    /// What gives it its place.
    package let key: Key
    /// What it holds.
    package let value: Expression
    /// Positions of its tokens.
    package let tokens: Range<Int>

    /// The key of `name = value`.
    package var name: String? { if case .name(let name) = key { name } else { nil } }

    /// True for an entry of the list.
    package var isPositional: Bool { if case .position = key { true } else { false } }
}
