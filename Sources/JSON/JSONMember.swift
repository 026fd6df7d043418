/// One name and value of a JSON object.
package struct JSONMember: Hashable, Sendable {
    /// As it was written, unescaped. An object may hold the same name twice.
    package var name: String
    /// Any JSON value, `null` too.
    package var value: JSON

    /// A member of that name and value.
    package init(name: String, value: JSON) {
        self.name = name
        self.value = value
    }
}
