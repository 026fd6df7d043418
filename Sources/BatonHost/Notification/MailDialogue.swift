import Escaping
import Foundation

/// The conversation with a mail server, as a value: lines of the server go in, what is to be done comes out. RFC 5321, 3207
/// (STARTTLS), 4954 (AUTH).
struct MailDialogue {
    /// What is to be done.
    enum Action: Equatable {
        case send([UInt8])
        /// The connection is encrypted from here on; then ``secured()`` is called.
        case encrypt
        /// It is over.
        case finish(Delivery)
    }

    /// A user and a password.
    struct Login {
        let user: String
        let password: String
    }

    private enum Stage {
        case greeting, hello, startTLS, securing, plain, user, password, from, to, data, text, over
    }

    private let message: MailMessage?
    private let host: String
    private let encryption: MailSettings.Encryption
    private let login: Login?
    private var stage = Stage.greeting
    private var isSecure: Bool
    /// The lines of the reply that is coming in, without the last.
    private var reply: [String] = []

    /// A server that sends more lines in one reply is none.
    private static let longestReply = 100

    /// - Parameters:
    ///   - message: `nil` to see only whether the server would take one.
    ///   - host: the name of this machine.
    ///   - login: `nil` to send without.
    init(_ message: MailMessage?, host: String, encryption: MailSettings.Encryption, login: Login?) {
        self.message = message
        self.host = MailMessage.domain(host)
        self.encryption = encryption
        self.login = login
        isSecure = encryption == .implicit
    }

    /// The connection is encrypted now. What the server said before counts no more.
    mutating func secured() -> [Action] {
        guard stage == .securing else { return [] }
        isSecure = true
        return hello()
    }

    /// Takes a line of the server, without its end.
    mutating func receive(_ line: String) -> [Action] {
        guard stage != .over else { return [] }
        // Whoever could write into the open connection would go on talking behind the encryption.
        guard stage != .securing else {
            return end(.refused("the mail server goes on talking in clear after STARTTLS"))
        }
        let code = line.utf8.prefix(3)
        let rest = line.dropFirst(3)
        guard code.count == 3, code.allSatisfy({ (48...57).contains($0) }), let number = Int(line.prefix(3)),
            rest.isEmpty || rest.hasPrefix(" ") || rest.hasPrefix("-"), reply.count < Self.longestReply
        else { return end(.refused("what answers there is no mail server")) }
        reply.append(String(rest.dropFirst()))
        if rest.hasPrefix("-") { return [] }
        defer { reply = [] }
        return take(number)
    }

    /// The connection was closed.
    mutating func closed() -> [Action] {
        guard stage != .over else { return [] }
        let isBegun = stage != .greeting || encryption == .implicit
        return end(
            .again(
                "the mail server closed the connection"
                    + (isBegun
                        ? "" : " without a word: if its port wants TLS at once, the address begins with smtps://")))
    }

    private mutating func take(_ code: Int) -> [Action] {
        switch (stage, code / 100) {
        case (.greeting, 2): return hello()
        case (.hello, 2): return greeted()
        case (.startTLS, 2):
            stage = .securing
            return [.encrypt]
        case (.plain, 2), (.password, 2): return begin()
        case (.user, 3):
            // The server asks for the user, then for the password.
            guard let login else { return [] }
            stage = .password
            return [send(Data(login.user.utf8).base64EncodedString())]
        case (.password, 3):
            guard let login else { return [] }
            return [send(Data(login.password.utf8).base64EncodedString())]
        case (.from, 2):
            guard let message else { return [] }
            stage = .to
            return [send("RCPT TO:<\(message.to)>")]
        case (.to, 2):
            stage = .data
            return [send("DATA")]
        case (.data, 3):
            guard let message else { return [] }
            stage = .text
            return [.send(message.bytes + Array(".\r\n".utf8))]
        case (.text, 2):
            stage = .over
            return [send("QUIT"), .finish(.done)]
        default: return end(failure(code))
        }
    }

    private mutating func hello() -> [Action] {
        stage = .hello
        return [send("EHLO \(host)")]
    }

    /// The server has said what it can.
    private mutating func greeted() -> [Action] {
        let words = reply.dropFirst().map { $0.uppercased().split(separator: " ") }
        if !isSecure, encryption != .off {
            if words.contains(["STARTTLS"]) {
                stage = .startTLS
                return [send("STARTTLS")]
            }
            guard encryption == .optional else {
                return end(
                    .refused(
                        "the mail server does not offer STARTTLS, and nothing is sent in clear (notify.smtp.starttls)"))
            }
        }
        guard let login else { return begin() }
        guard isSecure else {
            return end(.refused("a password is not sent in clear: the mail server does not offer STARTTLS"))
        }
        let ways = words.first { $0.first == "AUTH" }?.dropFirst() ?? []
        if ways.contains("PLAIN") {
            stage = .plain
            return [send("AUTH PLAIN " + Self.plain(login))]
        }
        guard ways.contains("LOGIN") else {
            return end(.refused("the mail server offers neither AUTH PLAIN nor AUTH LOGIN for notify.smtp.user"))
        }
        stage = .user
        return [send("AUTH LOGIN")]
    }

    private mutating func begin() -> [Action] {
        guard let message else { return end(.done) }
        stage = .from
        return [send("MAIL FROM:<\(message.from)>")]
    }

    private func failure(_ code: Int) -> Delivery {
        let said = quoted
        let what: String =
            switch stage {
            case .plain, .user, .password: "the mail server refuses notify.smtp.user"
            case .from: "the mail server refuses the sender \(message?.from ?? "")"
            case .to: "the mail server refuses \(message?.to ?? "")"
            default: "the mail server refuses the message"
            }
        let reason = "\(what): \(code) \(said)"
        return code / 100 == 4 ? .again(reason) : .refused(reason)
    }

    /// What the server says, unless it repeats what is secret.
    private var quoted: String {
        let text = reply.joined(separator: " ")
        let isSecret = login.map { login in secrets(of: login).contains { text.contains($0) } } ?? false
        return isSecret ? "(its reply repeats the password)" : TextFormat.line.escaped(String(text.prefix(200)))
    }

    private static func plain(_ login: Login) -> String {
        Data("\0\(login.user)\0\(login.password)".utf8).base64EncodedString()
    }

    private func secrets(of login: Login) -> [String] {
        let password = login.password
        return [password] + [Data(password.utf8).base64EncodedString(), Self.plain(login)]
    }

    private func send(_ line: String) -> Action { .send(Array("\(line)\r\n".utf8)) }

    private mutating func end(_ delivery: Delivery) -> [Action] {
        stage = .over
        return [send("QUIT"), .finish(delivery)]
    }
}
