import DataStudio
import Foundation
import Testing

@testable import BatonHost

/// The conversation with a mail server: what is sent in clear, and that it ends whatever the server says.
@Suite struct MailDialogueTests {
    private static let announcement = Announcement(
        [.failure], title: "night.lua FAILED", text: ".\n..\n" + String(repeating: "x", count: 500), run: "7f3k",
        script: "night.lua", status: "failed", at: Timestamp(milliseconds: 1_772_337_906_000))
    private static let message = MailMessage(
        announcement, from: "baton@example.com", to: "ops@example.com", by: Sender(host: "db1", user: "baton"))
    private static let login = MailDialogue.Login(user: "bob", password: "geheim-0001")

    private static func text(_ actions: [MailDialogue.Action]) -> String {
        actions.map { action in
            switch action {
            case .send(let bytes): String(decoding: bytes, as: UTF8.self).replacingOccurrences(of: "\r\n", with: "|")
            case .encrypt: "<encrypt>"
            case .finish(let delivery): "<\(delivery)>"
            }
        }.joined()
    }

    @Test func `a message is sent after STARTTLS and a login`() {
        var dialogue = MailDialogue(Self.message, host: "db 1\r\n", encryption: .required, login: Self.login)
        var said: [String] = []
        for line in [
            "220 mx ready", "250-mx", "250-SIZE 1000", "250 STARTTLS", "220 go ahead",
        ] { said.append(Self.text(dialogue.receive(line))) }
        #expect(said == ["EHLO db1|", "", "", "STARTTLS|", "<encrypt>"])
        #expect(Self.text(dialogue.secured()) == "EHLO db1|")
        said = []
        for line in ["250-mx", "250 AUTH PLAIN LOGIN", "235 ok", "250 ok", "250 ok", "354 go", "250 queued"] {
            said.append(Self.text(dialogue.receive(line)))
        }
        #expect(said[1] == "AUTH PLAIN " + Data("\0bob\0geheim-0001".utf8).base64EncodedString() + "|")
        #expect(said[2...4] == ["MAIL FROM:<baton@example.com>|", "RCPT TO:<ops@example.com>|", "DATA|"])
        #expect(said[5].hasPrefix("From: baton@example.com|To: ops@example.com|Subject: night.lua FAILED|"))
        #expect(said[5].hasSuffix("||.|") || said[5].hasSuffix("=|.|"), "\(said[5].suffix(20))")
        #expect(!said[5].dropLast(3).contains("|."), "no line of the message begins with a dot")
        #expect(said[6] == "QUIT|<done>")
    }

    @Test(arguments: [
        (["554 no"], "refused(\"the mail server refuses the message: 554 no\")"),
        (["421 busy"], "again(\"the mail server refuses the message: 421 busy\")"),
        (["SSH-2.0-OpenSSH_9"], "refused(\"what answers there is no mail server\")"),
        (["220 a", "250 b"], "offers neither AUTH PLAIN nor AUTH LOGIN"),
        (
            ["220 a", "250-b", "250 AUTH LOGIN", "334 VXNlcm5hbWU6", "334 UGFzc3dvcmQ6", "535 bad"],
            "the mail server refuses notify.smtp.user: 535 bad"
        ),
        (
            ["220 a", "250-b", "250 AUTH PLAIN", "500 what is AUTH PLAIN AGJvYgBnZWhlaW0tMDAwMQ=="],
            "500 (its reply repeats the password)"
        ),
        (["220 a", "250-b", "250 AUTH PLAIN", "535 geheim-0001 is wrong"], "535 (its reply repeats the password)"),
        (
            ["220 a", "250-b", "250 AUTH PLAIN", "235 ok", "250 ok", "550 \u{1B}[31mno"],
            "the mail server refuses ops@example.com: 550"
        ),
    ])
    func `what goes wrong is told`(lines: [String], words: String) {
        var dialogue = MailDialogue(Self.message, host: "db1", encryption: .implicit, login: Self.login)
        var last = ""
        for line in lines { last = Self.text(dialogue.receive(line)) }
        #expect(last.contains(words), "\(last)")
        #expect(!last.contains("geheim") && !last.contains("\u{1B}"))
        #expect(dialogue.receive("250 more").isEmpty && dialogue.closed().isEmpty)
    }

    @Test func `what a stranger writes before the encryption begins ends it`() {
        var dialogue = MailDialogue(Self.message, host: "db1", encryption: .required, login: nil)
        for line in ["220 a", "250-b", "250 STARTTLS", "220 go"] { _ = dialogue.receive(line) }
        #expect(Self.text(dialogue.receive("250 AUTH PLAIN")).contains("in clear after STARTTLS"))
        #expect(dialogue.secured().isEmpty)
    }

    /// A server that says anything: the dialogue ends once, and a password is sent only after the encryption has begun.
    @Test func `any replies`() {
        var random = SplitMix(seed: 7)
        let texts = ["ok", "STARTTLS", "AUTH PLAIN", "AUTH LOGIN", "", "SIZE"]
        let encryptions: [MailSettings.Encryption] = [.implicit, .required, .optional, .off]
        var sent = 0
        for _ in 0..<20_000 {
            let encryption = encryptions.randomElement(using: &random)!
            let login = Bool.random(using: &random) ? Self.login : nil
            var dialogue = MailDialogue(Self.message, host: "db1", encryption: encryption, login: login)
            var isSecure = encryption == .implicit
            var ends = 0
            for _ in 0..<20 {
                // Mostly what a server says.
                let code = [220, 250, 250, 250, 235, 334, 354, 450, 550].randomElement(using: &random)!
                let mark = Int.random(in: 0..<4, using: &random) == 0 ? "-" : " "
                var actions = dialogue.receive("\(code)\(mark)\(texts.randomElement(using: &random)!)")
                if actions.contains(.encrypt) {
                    isSecure = true
                    actions += dialogue.secured()
                }
                for action in actions {
                    switch action {
                    case .send(let bytes):
                        let text = String(decoding: bytes, as: UTF8.self)
                        if !isSecure { #expect(!text.contains("AUTH") && !text.contains("Z2VoZWlt")) }
                        if text.hasPrefix("From:") {
                            sent += 1
                            #expect(isSecure || encryption == .optional || encryption == .off)
                        }
                    case .finish: ends += 1
                    case .encrypt: break
                    }
                }
                #expect(ends <= 1)
            }
        }
        #expect(sent > 20, "\(sent)")
    }

    @Test(arguments: [
        ("plain text", "plain text"),
        ("naïve", "=?utf-8?B?bmHDr3Zl?="), ("=?x?=", "=?utf-8?B?PT94Pz0=?="),
    ])
    func `a subject is written as headers hold it`(text: String, expected: String) {
        #expect(MailMessage.encoded(text) == expected)
        for line in MailMessage.encoded(String(repeating: text, count: 40)).components(separatedBy: "\r\n") {
            #expect(line.utf8.count <= 76, "\(line)")
        }
    }

    @Test(arguments: ["a@b", "ops+night@example.com"]) func `an address`(text: String) {
        #expect(MailSettings.isAddress(text))
    }

    @Test(arguments: ["", "a", "@", "a@", "@b", "a@b@c", "a b@c", "a@b\r\nRCPT TO:<x@y>", "<a@b>", "ä@b", "a@b\u{0}"])
    func `no address`(text: String) {
        #expect(!MailSettings.isAddress(text))
    }
}
