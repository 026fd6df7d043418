/// What came back for an ``HTTPCall``.
package struct HTTPReply: Hashable, Sendable {
    /// Of three digits.
    package var status: Int
    /// By name in lower case; the last of several.
    package var headers: [String: String]
    /// As text.
    package var body: String

    /// A reply.
    package init(status: Int, headers: [String: String] = [:], body: String = "") {
        self.status = status
        self.headers = headers
        self.body = body
    }
}
