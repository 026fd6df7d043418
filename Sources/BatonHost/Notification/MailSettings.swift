/// The mail server, and who writes.
package struct MailSettings: Sendable {
    /// Whether the connection is encrypted.
    package enum Encryption: Sendable {
        /// From the beginning: `smtps://`.
        case implicit
        /// By STARTTLS, or nothing is sent.
        case required
        /// By STARTTLS where the server offers it.
        case optional
        /// Not at all.
        case off
    }

    /// The words of `notify.smtp.starttls`.
    enum StartTLS: String, CaseIterable {
        case required, optional, off
    }

    /// The server's name or address.
    package var host: String
    /// Its port.
    package var port: Int
    /// Whether the connection is encrypted.
    package var encryption: Encryption
    /// The address that the messages come from.
    package var from: String
    /// Who logs in; `nil`: nobody.
    package var user: String?
    /// The user's password.
    package var password: SecretSource?
    /// Which certificates are trusted.
    package var trust = ServerTrust()

    /// A server without a login.
    package init(host: String, port: Int, encryption: Encryption, from: String) {
        self.host = host
        self.port = port
        self.encryption = encryption
        self.from = from
    }

    /// True for what can stand in a command of SMTP and in a header: ASCII without white space, brackets and control
    /// characters, with an @ inside.
    package static func isAddress(_ text: String) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        return parts.count == 2 && parts.allSatisfy { !$0.isEmpty } && text.utf8.count <= 254
            && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"<>()[]\\,;:\"".utf8.contains($0) }
    }
}
