/// An API key. It describes itself by its last four characters, so that it can end up nowhere by accident.
package struct APIKey: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The key itself, for the `Authorization` header only.
    let secret: String

    /// A key as the server issued it, without white space around it.
    package init(_ secret: String) {
        self.secret = secret
    }

    /// `…wxyz`; keys of fewer than twelve characters show nothing.
    package var description: String { secret.count >= 12 ? "…" + secret.suffix(4) : "…" }
    /// No more than `description` shows.
    package var debugDescription: String { description }
    /// Empty, so that `dump` shows nothing either.
    package var customMirror: Mirror { Mirror(self, children: []) }
}
