import Foundation
import JSON
import StudioServer
import Subprocess
import Testing

/// Notifications by mail, to a mail server of another make.
@Suite(.timeLimit(.minutes(3))) struct MailTests {
    private static let scenario = "workflows: { a: { duration: 50ms }, bad: { duration: 50ms, outcome: FAILED } }"
    private static let peer = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
        "mail.py"
    ).path

    /// What the mail server has got, in order.
    private func mails(_ place: Workplace) throws -> [JSON] {
        try ((try? place.read("mails")) ?? "").split(separator: "\n").map { try JSON(parsing: Array($0.utf8)) }
    }

    private func with(
        _ place: Workplace, _ mode: String, _ login: String..., body: @escaping (_ port: Int) async throws -> Void
    ) async throws {
        let server = try await BatonProcess.run(
            [Self.peer, place.url.path, mode] + login, in: place.url, executable: "/usr/bin/python3",
            whenErrorsSay: "port "
        ) { errors, send in
            let port = try #require(errors.split(separator: "\n").first?.split(separator: " ").last.flatMap { Int($0) })
            try await body(port)
            try send(.kill)
        }
        #expect(server.code == 256 + SIGKILL, "\(server.errors)")
    }

    private func configure(_ place: Workplace, _ server: StudioServer, smtp: String, targets: String) throws {
        try place.configure(
            server, key: "simulated-key",
            more: """
                notify:
                  smtp: { \(smtp), from: baton@example.com, ca_file: ca.pem }
                  targets:
                \(targets)
                """)
    }

    @Test func `each message goes to those who want it, by script, workflow and occasion`() async throws {
        try await Workplace.with(Self.scenario) { place, server in
            try await with(place, "smtps") { port in
                try configure(
                    place, server, smtp: "url: 'smtps://localhost:\(port)'",
                    targets: """
                            ops: { mail: [ops@example.com, boss@example.com] }
                            dba: { mail: dba@example.com, scripts: ["load*"], workflows: ["b*"] }
                            done: { mail: done@example.com, on: success, scripts: [good] }
                            none: { mail: none@example.com, workflows: [other] }
                        """)
                try place.write("execute 'bad'", to: "load-naïve.lua")
                try place.write("execute 'bad'", to: "other.lua")
                try place.write("execute 'a' execute 'a'", to: "good.lua")
                for script in ["load-naïve.lua", "other.lua", "good.lua"] {
                    _ = try await place.baton("run", script)
                }
                let mails = try mails(place)
                let told = mails.map { "\($0["to"]?.elements?.first?.text ?? "") \($0["subject"]?.text ?? "")" }
                #expect(told.count == 6, "\(told)")
                for (address, words) in [
                    ("ops@", "load-naïve.lua FAILED"), ("boss@", "load-naïve.lua FAILED"),
                    ("dba@", "load-naïve.lua FAILED"),
                    ("ops@", "other.lua FAILED"), ("boss@", "other.lua FAILED"),
                    ("done@", "good.lua succeeded"),
                ] {
                    #expect(told.count { $0.hasPrefix(address) && $0.contains(words) } == 1, "\(told)")
                }
                for mail in mails {
                    #expect(mail["from"] == "baton@example.com" && mail["secure"] == true, "\(mail)")
                    #expect(mail["automatic"] == "auto-generated" && mail["defects"] == [], "\(mail)")
                    if case .integer(let longest)? = mail["longest"] { #expect(longest <= 78, "\(mail)") }
                }
                #expect(Set(mails.compactMap { $0["id"]?.text }).count == mails.count)
                #expect(mails.first?["text"]?.text?.contains("baton retry") == true, "\(mails)")
            }
        }
    }

    @Test func `a login is encrypted, a script names a target, and what is refused is told without the password`()
        async throws
    {
        try await Workplace.with(Self.scenario) { place, server in
            try place.write("not-the-one", to: "wrong.key")
            try place.write("geheim-0001", to: "right.key")
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o600], ofItemAtPath: place.url.path + "/wrong.key")
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o600], ofItemAtPath: place.url.path + "/right.key")
            try place.write(
                #"""
                notify { to = "dba", text = "only to dba" }
                print(pcall(notify, { to = "nobody", text = "x" }))
                local none = {}
                print(pcall(notify, { to = none, text = "x" }))
                """#, to: "n.lua")
            let targets = """
                    dba: { mail: dba@example.com, on: [] }
                    gone: { mail: [refused@example.com, later@example.com, here@example.com], on: [failure] }
                """
            try await with(place, "starttls", "bob", "geheim-0001") { port in
                let smtp = "url: 'smtp://localhost:\(port)', user: bob"
                try configure(place, server, smtp: "\(smtp), password_file: wrong.key", targets: targets)
                let refused = try await place.baton("notify", "--test")
                #expect(
                    refused.code == 1
                        && refused.output.contains("NOT SENT: the mail server refuses notify.smtp.user: 535"),
                    "\(refused)")
                #expect(try mails(place).isEmpty)
                try configure(place, server, smtp: "\(smtp), password_file: right.key", targets: targets)
                let run = try await place.baton("run", "n.lua")
                #expect(
                    run.output == """
                        false	n.lua:2: notify: whom to notify is not configured: notify.targets.nobody
                        false	n.lua:4: notify: to takes a name below notify.targets, or a list of names; got a table

                        """, "\(run)")
                let first = try #require(try mails(place).first)
                #expect(
                    first["user"] == "bob" && first["secure"] == true && first["to"] == ["dba@example.com"], "\(first)")
                #expect(first["text"]?.text?.hasPrefix("only to dba\n") == true, "\(first)")
                // One address that is refused does not keep the others from being notified.
                let test = try await place.baton("notify", "--test")
                #expect(test.code == 1)
                #expect(
                    test.output.contains(
                        "notify.targets.gone: refused@example.com  failure    NOT SENT: the mail server refuses refused@example.com: 550 5.1.1 no such user"
                    ), "\(test.output)")
                #expect(
                    test.output.contains(
                        "notify.targets.gone: later@example.com    failure    NOT SENT: the mail server refuses later@example.com: 451 4.3.0"
                    ), "\(test.output)")
                #expect(try mails(place).count == 2)
                let all = refused.output + refused.errors + run.errors + test.output + test.errors
                #expect(!all.contains("not-the-one") && !all.contains("geheim-0001"))
            }
        }
    }

    @Test func `nothing is sent in clear, nor to a server whose certificate is not trusted`() async throws {
        try await Workplace.with(Self.scenario) { place, server in
            let targets = "    ops: { mail: ops@example.com, on: [failure] }"
            try await with(place, "plain") { port in
                try configure(place, server, smtp: "url: 'smtp://localhost:\(port)'", targets: targets)
                let refused = try await place.baton("notify", "--test")
                #expect(
                    refused.code == 1
                        && refused.output.contains(
                            "the mail server does not offer STARTTLS, and nothing is sent in clear"),
                    "\(refused)")
                #expect(try mails(place).isEmpty)
                for word in ["optional", "off"] {
                    try configure(
                        place, server, smtp: "url: 'smtp://localhost:\(port)', starttls: \(word)", targets: targets)
                    #expect(try await place.baton("notify", "--test").code == 0)
                }
                let clear = try mails(place)
                #expect(clear.count == 2 && clear.allSatisfy { $0["secure"] == false }, "\(clear.count)")
            }
            try await with(place, "starttls") { port in
                for address in ["127.0.0.1", "localhost"] {
                    // The certificate is for localhost; without ca_file its maker is not known.
                    let smtp = "url: 'smtp://\(address):\(port)', starttls: optional"
                    try configure(place, server, smtp: smtp, targets: targets)
                    if address == "localhost" {
                        try place.write(
                            place.read("baton.yaml").replacingOccurrences(of: ", ca_file: ca.pem", with: ""),
                            to: "baton.yaml")
                    }
                    let refused = try await place.baton("notify", "--test")
                    #expect(refused.code == 1 && !refused.output.contains("sent\n"), "\(address): \(refused)")
                }
                #expect(try mails(place).count == 2)
            }
        }
    }

    /// What a stranger says in clear, behind the answer to STARTTLS, is no answer of the mail server.
    @Test(arguments: ["inject", "inject-half"], ["required", "optional"])
    func `nothing that comes in clear after STARTTLS makes a message sent`(mode: String, starttls: String) async throws
    {
        try await Workplace.with(Self.scenario) { place, server in
            try await with(place, mode) { port in
                try configure(
                    place, server, smtp: "url: 'smtp://localhost:\(port)', starttls: \(starttls)",
                    targets: "    ops: { mail: ops@example.com, on: failure }")
                let test = try await place.baton("notify", "--test")
                #expect(test.code == 1 && test.output.contains("NOT SENT"), "\(test)")
            }
        }
    }
}
