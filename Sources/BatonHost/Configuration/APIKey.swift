/// An API key. It describes itself by its last four characters, so that it can end up nowhere by accident.
package struct APIKey: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The key itself, for the `Authorization` header only.
    let secret: String

    package init(_ secret: String) {
        self.secret = secret
    }

    /// `…wxyz`; keys of fewer than twelve characters show nothing.
    package var description: String { secret.count >= 12 ? "…" + secret.suffix(4) : "…" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
