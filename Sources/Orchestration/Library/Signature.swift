/// One way to call a function of the script library.
package struct Signature: Hashable, Sendable {
    /// A parameter by its place.
    package struct Parameter: Hashable, Sendable {
        /// As the documentation calls it.
        package let name: String
        /// What it takes.
        package let type: ValueType
        /// True if it can be left out.
        package var isOptional = false
    }

    /// By their places.
    package var parameters: [Parameter]
    /// True if any number of values can follow.
    package var takesMore = false
    /// What it returns, as types of the Lua language server.
    package var returns: [String] = []

    init(_ parameters: Parameter..., more: Bool = false, returns: String...) {
        self.parameters = parameters
        takesMore = more
        self.returns = returns
    }

    /// True if that many arguments can be meant.
    func takes(_ count: Int) -> Bool {
        let least = parameters.prefix { !$0.isOptional }.count
        return count >= least && (takesMore || count <= parameters.count)
    }
}

extension Signature.Parameter {
    static func required(_ name: String, _ type: ValueType) -> Self { Self(name: name, type: type) }
    static func optional(_ name: String, _ type: ValueType) -> Self { Self(name: name, type: type, isOptional: true) }
}
