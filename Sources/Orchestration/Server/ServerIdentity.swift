/// What messages call a server and the key it is asked with.
package struct ServerIdentity: Hashable, Sendable {
    /// As `https://studio.example.com:7701`.
    package var url: String
    /// The environment's external label.
    package var environment: String
    /// The end of the key, as `…wxyz`; never the key.
    package var key: String
    /// The setting that says where the key comes from, as `api_key_file: /etc/baton/studio.key`; `nil` if there is none.
    package var keySetting: String?

    /// A server's names.
    package init(url: String, environment: String, key: String, keySetting: String? = nil) {
        self.keySetting = keySetting
        self.url = url
        self.environment = environment
        self.key = key
    }

    /// What tells servers apart in a journal: the URL without what does not matter, and the environment.
    package var name: String {
        var url = url
        while url.hasSuffix("/") { url.removeLast() }
        // Scheme and host are the same in any case; a path is not.
        let parts = url.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        if parts.count >= 3 {
            url = (parts.prefix(3).map { $0.lowercased() } + parts.dropFirst(3).map(String.init)).joined(separator: "/")
        }
        return "\(url) \(environment)"
    }
}
