/// A document that a server publishes in the place of its own.
package struct PublishedDocument: Hashable, Sendable {
    /// Where.
    package let path: String
    /// JSON or YAML; the media type follows from how it begins.
    package let text: String

    /// A document at a path of the server.
    package init(path: String, text: String) {
        self.path = path
        self.text = text
    }

    var contentType: String {
        text.first { !$0.isWhitespace } == "{" ? "application/json" : "application/yaml"
    }
}
