/// A request that a script makes to any server over HTTP.
package struct HTTPCall: Hashable, Sendable {
    /// In upper case.
    package var method: String
    /// The whole address.
    package var url: String
    /// By name; none twice.
    package var headers: [String: String]
    /// What is sent; `nil`: nothing.
    package var body: String?

    /// A call.
    package init(method: String, url: String, headers: [String: String] = [:], body: String? = nil) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
    }

    /// True if it changes nothing there, by its method (RFC 9110, section 9.2.1): it may be made again.
    package var isRead: Bool { ["GET", "HEAD", "OPTIONS"].contains(method) }
}
