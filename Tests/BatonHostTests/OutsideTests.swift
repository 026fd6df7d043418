import BatonHost
import DataStudio
import Foundation
import HostileTexts
import JSON
import Orchestration
import TestPeer
import Testing

/// What scripts reach besides Data Studio, and what of it nobody may see.
@Suite struct OutsideTests {
    private func secrets(_ value: String) async throws -> (Secrets, mask: String) {
        var beginning = RunBeginning(script: "test.lua", text: "", seed: 7)
        beginning.secrets = ["token"]
        return (
            try await Secrets(of: beginning, from: ["token": .literal(value), "other": .environment("ABSENT")]),
            beginning.mask(of: "token")
        )
    }

    @Test func `a secret comes in when a request leaves, and goes when its echo comes`() async throws {
        let value = #"s3cr"t/value"#
        let (secrets, mask) = try await secrets(value)
        try await Peer.with { request, _ in
            .answer(200, ["x-echo": request.headers["authorization"] ?? ""], request.body)
        } _: { peer, port in
            let world = OutsideWorld(secrets: secrets) { _ in }
            let call = HTTPCall(
                method: "POST", url: "http://127.0.0.1:\(port)/",
                headers: ["Authorization": "Bearer \(mask)", "Content-Type": "application/json"],
                body: #"{"token":"\#(mask)"}"#)
            let answer = await world.carryOut(.http(call))
            let request = try #require(peer.requests.first)
            #expect(request.headers["authorization"] == "Bearer \(value)")
            #expect(try JSON(parsing: Array(request.body.utf8))["token"]?.text == value)
            guard case .http(let reply) = answer else {
                Issue.record("\(answer)")
                return
            }
            #expect(reply.headers["x-echo"] == "Bearer ***token***")
            #expect(try JSON(parsing: Array(reply.body.utf8))["token"]?.text == "***token***")
            // The script passes on what it was answered: the secret does not come along.
            let chat = HTTPCall(
                method: "POST", url: "http://127.0.0.1:\(port)/chat",
                headers: ["X-Error": reply.headers["x-echo"] ?? ""],
                body: reply.body)
            _ = await world.carryOut(.http(chat))
            let passedOn = try #require(peer.requests.last)
            #expect(passedOn.headers["x-error"] == "Bearer ***token***")
            #expect(!passedOn.body.contains("s3cr"))
        }
    }

    @Test func `a secret goes to its hosts only`() async throws {
        var beginning = RunBeginning(script: "test.lua", text: "", seed: 7)
        beginning.secrets = ["token"]
        let secrets = try await Secrets(
            of: beginning, from: ["token": .literal("s3cret")], hosts: ["token": ["api.example.com", "LOCALHOST"]])
        let mask = beginning.mask(of: "token")
        try await Peer.with { _, _ in
            .answer(200, "")
        } _: { peer, port in
            let world = OutsideWorld(secrets: secrets) { _ in }
            func answer(_ host: String, _ body: String) async -> Answer? {
                await world.carryOut(.http(HTTPCall(method: "POST", url: "http://\(host):\(port)/", body: body)))
            }
            guard case .failed(let failure) = await answer("127.0.0.1", "token=\(mask)") else {
                Issue.record("it was sent")
                return
            }
            #expect(failure.kind == .rejected && failure.message.contains("secrets.token.hosts"), "\(failure)")
            #expect(peer.requests.isEmpty)
            guard case .http = await answer("127.0.0.1", "nothing") else {
                Issue.record("it was not sent")
                return
            }
        }
    }

    /// A mark behind the value makes other characters of it; it is the value all the same.
    @Test func `a secret is hidden whatever stands around it`() async throws {
        let (secrets, _) = try await secrets("s3cret")
        for mark in HostileTexts.marks {
            try await Peer.with { request, _ in
                .answer(200, ["x-echo": "s3cret\(mark)"], "s3cret\(mark)")
            } _: { _, port in
                let world = OutsideWorld(secrets: secrets) { _ in }
                guard
                    case .http(let reply) = await world.carryOut(
                        .http(HTTPCall(method: "GET", url: "http://127.0.0.1:\(port)/")))
                else {
                    Issue.record("no answer")
                    return
                }
                #expect(!reply.body.utf8.elementsEqual("s3cret\(mark)".utf8))
                #expect(reply.headers["x-echo"].map { !Array($0.utf8).starts(with: "s3cret".utf8) } ?? false)
            }
        }
    }

    @Test(arguments: [
        "http://127.0.0.1:65536/", "http://127.0.0.1:99999999999999999999/", "http://127.0.0.1:0/",
        "http://[::1]:70000/",
        "http://", "https://:1/", "ftp://a/", "http://a b/", "x", "", "http://\u{0}/", "http://127.0.0.1:-1/",
    ])
    func `an address that is none is an error`(url: String) async {
        let world = OutsideWorld { _ in }
        guard case .failed = await world.carryOut(.http(HTTPCall(method: "POST", url: url))) else {
            Issue.record("it was sent")
            return
        }
    }

    @Test func `a secret that is not configured any more is named`() async throws {
        var beginning = RunBeginning(script: "test.lua", text: "", seed: 7)
        beginning.secrets = ["gone", "token"]
        let error = await #expect(throws: ConfigurationError.self) {
            _ = try await Secrets(of: beginning, from: ["token": .environment("ABSENT")])
        }
        #expect(
            error?.problems == [
                "the secret gone: it is not configured any more (secrets.gone)",
                "the secret token: the environment variable ABSENT, which holds it, is not set",
            ])
    }

    @Test(arguments: [
        "sup%22er%5Csecret/%3Cv%3E2", "sup%22er%5csecret%2f%3cv%3e2", "sup&quot;er\\secret/&lt;v&gt;2",
        "c3VwImVyXHNlY3JldC88dj4y", "sup%22er%5Csecret%2F%3Cv%3E2",
    ])
    func `a secret is hidden as servers write it`(echo: String) async throws {
        let (secrets, _) = try await secrets(#"sup"er\secret/<v>2"#)
        try await Peer.with { _, _ in
            .answer(200, ["x-echo": "u=\(echo);"], "u=\(echo);")
        } _: { _, port in
            let world = OutsideWorld(secrets: secrets) { _ in }
            let call = HTTPCall(method: "GET", url: "http://127.0.0.1:\(port)/")
            guard case .http(let reply) = await world.carryOut(.http(call)) else {
                Issue.record("no answer")
                return
            }
            #expect(reply.body == "u=***token***;" && reply.headers["x-echo"] == "u=***token***;")
        }
    }

    @Test(arguments: [("GET", false), ("POST", true)])
    func `a broken request is an error, and doubt where it may have changed something`(
        method: String, isDoubt: Bool
    ) async throws {
        try await Peer.with { _, _ in
            .closeInBody
        } _: { _, port in
            let world = OutsideWorld { _ in }
            let answer = await world.carryOut(.http(HTTPCall(method: method, url: "http://127.0.0.1:\(port)/")))
            if case .doubtful = answer { #expect(isDoubt) } else { #expect(!isDoubt, "\(answer)") }
        }
    }

    @Test func `nobody there is certain, whatever the method`() async throws {
        // Nobody else gets the port as long as it is held, and nobody listens there.
        let holder = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(holder) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(holder, $0, length) == 0 && getsockname(holder, $0, &length) == 0
            }
        }
        try #require(isBound)
        let port = UInt16(bigEndian: address.sin_port)
        let answer = await OutsideWorld { _ in }.carryOut(
            .http(HTTPCall(method: "POST", url: "http://127.0.0.1:\(port)/")))
        #expect(answer == .failed(StepFailure(kind: .failed, message: "the connection is refused")))
    }

    @Test func `in a simulation nothing leaves, and the scenario answers`() async throws {
        try await Peer.with { _, _ in
            .answer(200, "real")
        } _: { peer, port in
            let known = "http://127.0.0.1:\(port)/known"
            let world = OutsideWorld(replies: { $0.url == known ? HTTPReply(status: 418, body: "tea") : nil }) { _ in }
            #expect(
                await world.carryOut(.http(HTTPCall(method: "GET", url: known)))
                    == .http(HTTPReply(status: 418, body: "tea")))
            let answer = await world.carryOut(.http(HTTPCall(method: "GET", url: known + "/not")))
            guard case .failed(let failure) = answer else {
                Issue.record("\(answer)")
                return
            }
            #expect(failure.kind == .unsupported)
            #expect(peer.requests.isEmpty)
        }
    }

    /// A file system in memory takes any time; where there is none, nothing is tried.
    @Test(.enabled(if: FileManager.default.isWritableFile(atPath: "/dev/shm")))
    func `a file of the far future has a time`() async throws {
        let path = "/dev/shm/baton-\(UUID().uuidString)"
        defer { unlink(path) }
        try Data().write(to: URL(fileURLWithPath: path))
        let far = timespec(tv_sec: 99_999_999_999_999_999, tv_nsec: 0)
        #expect(utimensat(AT_FDCWD, path, [far, far], 0) == 0)
        let world = OutsideWorld(folders: ["/dev/shm"]) { _ in }
        guard case .file(let status?) = await world.carryOut(.file(path: path)) else {
            Issue.record("no file")
            return
        }
        #expect(status.modified > Timestamp.now)
    }

    @Test func `files are seen below the folders that are allowed, and not through links out of them`() async throws {
        let folder = try Folder()
        let file = try folder.write("1234567", to: "scripts/day.csv")
        try folder.write("secret", to: "other")
        try FileManager.default.createSymbolicLink(
            atPath: folder.path + "/scripts/link", withDestinationPath: folder.path + "/other")
        let world = OutsideWorld(folders: [folder.path + "/scripts"]) { _ in }
        guard case .file(let status?) = await world.carryOut(.file(path: file)) else {
            Issue.record("no file")
            return
        }
        #expect(status.size == 7)
        #expect(abs(status.modified.seconds - Timestamp.now.seconds) < 600)
        #expect(await world.carryOut(.file(path: folder.path + "/scripts/none")) == .file(nil))
        for path in ["/other", "/scripts/../other", "/scripts/link", "/scriptsandmore"] {
            let answer = await world.carryOut(.file(path: folder.path + path))
            guard case .failed(let failure) = answer else {
                Issue.record("\(path): \(answer)")
                continue
            }
            #expect(failure.kind == .rejected)
        }
    }

    @Test func `files are found by a pattern, below the folders that are allowed`() async throws {
        let folder = try Folder()
        for name in ["in/sub", "out"] {
            try FileManager.default.createDirectory(
                atPath: folder.path + "/" + name, withIntermediateDirectories: true)
        }
        for name in ["b.csv", "a.csv", ".hidden.csv", "a.txt", "sub/c.csv"] {
            _ = try folder.write(name, to: "in/\(name)")
        }
        _ = try folder.write("secret", to: "out/x.csv")
        let files = FileManager.default
        try files.createDirectory(atPath: folder.path + "/in/folder.csv", withIntermediateDirectories: false)
        try files.createSymbolicLink(
            atPath: folder.path + "/in/link.csv", withDestinationPath: folder.path + "/out/x.csv")
        try files.createSymbolicLink(atPath: folder.path + "/in/away", withDestinationPath: folder.path + "/out")
        try files.createSymbolicLink(
            atPath: folder.path + "/in/same.csv", withDestinationPath: folder.path + "/in/b.csv")
        let world = OutsideWorld(folders: [folder.path + "/in"]) { _ in }
        func names(_ pattern: String, limit: Int = 1000) async -> [String]? {
            guard case .files(let found) = await world.carryOut(.files(pattern: folder.path + pattern, limit: limit))
            else { return nil }
            return found.map { String($0.path.dropFirst(folder.path.count)) }
        }
        #expect(await names("/in/*.csv") == ["/in/a.csv", "/in/b.csv", "/in/same.csv"])
        #expect(await names("/in/*/*.csv") == ["/in/sub/c.csv"])
        #expect(await names("/in/sub/c.csv") == ["/in/sub/c.csv"])
        #expect(await names("/in/none/*") == [])
        #expect(await names("/in/*.csv", limit: 3)?.count == 3)
        #expect(await names("/in/*.csv", limit: 2) == nil)
        // What lies outside is refused, and not only left out.
        for pattern in ["/out/*.csv", "/*/x.csv", "/in/away/*.csv"] {
            #expect(await names(pattern) == nil, "\(pattern)")
        }
    }

    @Test func `ten thousand files are found, and one more is too many`() async throws {
        let folder = try Folder()
        try FileManager.default.createDirectory(atPath: folder.path + "/in", withIntermediateDirectories: false)
        for number in 0...10_000 { close(creat(folder.path + "/in/\(number).csv", 0o600)) }
        let world = OutsideWorld(folders: [folder.path]) { _ in }
        guard
            case .failed(let failure) = await world.carryOut(
                .files(pattern: folder.path + "/in/*.csv", limit: 10_000))
        else {
            Issue.record("found")
            return
        }
        #expect(failure.message.hasPrefix("more than 10000 files match"))
    }

    @Test func `links that lead round in a circle come to an end, and names that are no text are told`() async throws {
        let folder = try Folder()
        let path = folder.path + "/in"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        for name in ["l", "m"] {
            try FileManager.default.createSymbolicLink(atPath: path + "/" + name, withDestinationPath: path)
        }
        _ = try folder.write("", to: "in/a.csv")
        let world = OutsideWorld(folders: [path]) { _ in }
        let deep = path + String(repeating: "/*", count: 200)
        #expect(await world.carryOut(.files(pattern: deep + "/nosuch", limit: 10)) == .files([]))
        guard case .files(let found) = await world.carryOut(.files(pattern: path + "/*/*.csv", limit: 10)) else {
            Issue.record("nothing")
            return
        }
        #expect(found.count == 1)
        close(creat(path + "/c", 0o600))
        let odd: [CChar] = (path + "/").utf8CString.dropLast() + [CChar(bitPattern: 0xFF), 0]
        close(creat(odd, 0o600))
        guard case .failed(let failure) = await world.carryOut(.files(pattern: path + "/*.csv", limit: 10)) else {
            Issue.record("an odd name was passed over")
            return
        }
        #expect(failure.message == "\(path) holds a name that is not UTF-8")
    }
}
