package import DataStudio

/// How to reach one Data Studio server.
package struct ServerConfiguration: Sendable {
    /// As `https://studio.example.com:7701`, without a slash at the end.
    package var url: String
    /// The environment's external label.
    package var environment: String
    /// The external label of the space that workflows start in unless a script says otherwise.
    package var space: String?
    package var key: KeySource
    package var api: APIDescription

    package init(
        url: String, environment: String = "default", space: String? = nil, key: KeySource, api: APIDescription
    ) {
        self.url = url
        self.environment = environment
        self.space = space
        self.key = key
        self.api = api
    }
}
