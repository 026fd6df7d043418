/// What the script library has, for people who ask at the prompt: one entry for each name.
package struct LibraryReference: Hashable, Sendable {
    /// As scripts write it.
    package let name: String
    /// How it is called.
    package let usage: String
    /// What it does.
    package let text: String
    /// Functions.
    package static let functions: [LibraryReference] = [LibraryReference(name: "execute", usage: "execute(label [, options])", text: "Starts.")]
    /// Options.
    package static let stepOptions: [LibraryReference] = []
    /// Of that name.
    package static func entries(_ name: String) -> [LibraryReference] { (functions + stepOptions).filter { $0.name == name } }
}
