package import DataStudio
package import Orchestration

/// How to reach one Data Studio server.
package struct ServerConfiguration: Sendable {
    /// As `https://studio.example.com:7701`, without a slash at the end.
    package var url: String
    /// The environment's external label.
    package var environment: String
    /// The external label of the space that workflows start in unless a script says otherwise.
    package var space: String?
    /// Where the API key comes from; it is read when a client is opened.
    package var key: SecretSource
    /// The language the server speaks.
    package var api: APIDescription
    /// Which certificates of it are trusted.
    package var trust: ServerTrust
    /// How many jobs of a run may be in flight at a time; `nil`: any number.
    package var maxParallel: Int?
    /// What is known of it that decides how starts in doubt are settled.
    package var startRules = StartRules()

    /// What tells it apart in a journal.
    package var identity: String { ServerIdentity(url: url, environment: environment, key: "").name }

    /// A server whose environment is called `default` unless it is given.
    package init(
        url: String, environment: String = "default", space: String? = nil, key: SecretSource, api: APIDescription,
        trust: ServerTrust = ServerTrust(), maxParallel: Int? = nil
    ) {
        self.url = url
        self.environment = environment
        self.space = space
        self.key = key
        self.api = api
        self.trust = trust
        self.maxParallel = maxParallel
    }
}
