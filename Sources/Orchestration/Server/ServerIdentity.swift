/// What messages call a server and the key it is asked with.
package struct ServerIdentity: Hashable, Sendable {
    /// As `https://studio.example.com:7701`.
    package var url: String
    /// The environment's external label.
    package var environment: String
    /// The end of the key, as `…wxyz`; never the key.
    package var key: String

    /// A server's names.
    package init(url: String, environment: String, key: String) {
        self.url = url
        self.environment = environment
        self.key = key
    }
}
