/// A local variable, or a parameter.
package final class Variable {
    /// As the script calls it.
    package let name: String
    /// The position of the token that declares it.
    package let token: Int
    /// `const` or `close`.
    package let attribute: String?
    /// What it begins with, if a list of values stands beside it.
    package internal(set) var value: Expression?
    /// True if something assigns to it later.
    package internal(set) var isAssigned = false

    init(_ name: String, token: Int, attribute: String? = nil) {
        self.name = name
        self.token = token
        self.attribute = attribute
    }
}
