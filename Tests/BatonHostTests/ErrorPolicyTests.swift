import BatonHost
import DataStudio
import Foundation
import Orchestration
import StudioServer
import Synchronization
import TestPeer
import Testing

/// The error policy, every cell of its table, over real sockets. `docs/api-description.md` has the table for people.
@Suite(.timeLimit(.minutes(5))) struct ErrorPolicyTests {
    private typealias Behaviour = Peer.Behaviour

    /// What is expected of a run.
    enum Expected: Sendable {
        /// Tried again, and good in the end.
        case success
        /// Nothing is known of the start: it is never sent again.
        case doubt
        /// The server refused, in its own words.
        case refused(String)
        case auth
        case unreachable
    }

    private static let running = #"{"items":[{"id":1,"state":"RUNNING"}],"totalPages":1}"#
    private static let completed = #"{"items":[{"id":1,"state":"COMPLETED"}],"totalPages":1}"#
    private static let more = #"{"items":[{"id":2,"state":"RUNNING"},{"id":1,"state":"COMPLETED"}],"totalPages":1}"#
    private static let refusal = #"{"status":400,"message":"the server's own words"}"#
    private static let page = "<html><body><h1>Bad gateway</h1></body></html>"

    // MARK: While starting

    struct StartCell: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let behaviour: Peer.Behaviour
        let expected: Expected
        /// How often the start is sent when the first is answered like this and the others well.
        var sent = 1

        init(_ name: String, _ behaviour: Peer.Behaviour, _ expected: Expected, sent: Int = 1) {
            testDescription = name
            self.behaviour = behaviour
            self.expected = expected
            self.sent = sent
        }

        var isSlow: Bool { behaviour.isSlow }
    }

    static let startCells: [StartCell] = [
        .init("no answer in time", .silence, .doubt),
        .init("closed before the first byte", .close, .doubt),
        .init("closed after the header", .closeAfterHead, .doubt),
        .init("closed in the body", .closeInBody, .doubt),
        .init("one byte at a time", .trickle(.milliseconds(150), #"{"jobId": 4711}"#), .doubt),
        .init("502", .answer(502, page), .doubt),
        .init("503", .answer(503, ""), .doubt),
        .init("503 with Retry-After", .answer(503, ["retry-after": "1"], ""), .doubt),
        .init("504", .answer(504, page), .doubt),
        .init("429", .answer(429, ""), .success, sent: 2),
        .init("429 with Retry-After", .answer(429, ["retry-after": "1"], ""), .success, sent: 2),
        .init("400", .answer(400, refusal), .refused("(400): the server's own words")),
        .init("404", .answer(404, refusal), .refused("(404): the server's own words")),
        .init("409", .answer(409, refusal), .refused("(409): the server's own words")),
        .init("422", .answer(422, page), .refused("Bad gateway")),
        .init("401", .answer(401, refusal), .auth),
        .init("403", .answer(403, ""), .auth),
        .init("500", .answer(500, refusal), .doubt),
        .init("501", .answer(501, ""), .doubt),
        .init("599", .answer(599, ""), .doubt),
        .init("200 without a body", .answer(200, ""), .doubt),
        .init("200 with a page", .answer(200, page), .doubt),
        .init("200 without an id", .json("{}"), .doubt),
        .init("302", .answer(302, ["location": "/elsewhere"], ""), .doubt),
        .init("307 to another server", .answer(307, ["location": "http://127.0.0.1:1/"], ""), .doubt),
    ]

    @Test(arguments: startCells)
    func `while starting`(cell: StartCell) async throws {
        try await Peer.with { request, number in
            if request.method == "POST" { return number == 1 ? cell.behaviour : .json(#"{"jobId":1}"#) }
            // After whose the key is and the list before the start: somebody has started something since.
            return .json(number <= 2 ? Self.completed : Self.more)
        } _: { peer, port in
            var run = PolicyRun(url: "http://127.0.0.1:\(port)")
            run.startLimit = cell.isSlow ? .milliseconds(400) : run.startLimit
            let result = try await run.run()
            Self.check(result, cell.expected)
            #expect(peer.count("POST") == cell.sent)
            // Each start has a connection of its own, which is not kept.
            for start in peer.requests where start.method == "POST" { #expect(start.headers["connection"] == "close") }
        }
    }

    // MARK: While watching

    struct WatchCell: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let behaviour: Peer.Behaviour
        /// When it happens once.
        let once: Expected
        /// When it does not end.
        let always: Expected

        init(_ name: String, _ behaviour: Peer.Behaviour, once: Expected = .success, always: Expected = .unreachable) {
            testDescription = name
            self.behaviour = behaviour
            self.once = once
            self.always = always
        }

        var isSlow: Bool { behaviour.isSlow }
    }

    static let watchCells: [WatchCell] = [
        .init("no answer in time", .silence),
        .init("closed before the first byte", .close),
        .init("closed after the header", .closeAfterHead),
        .init("closed in the body", .closeInBody),
        .init("one byte at a time", .trickle(.milliseconds(150), running)),
        .init("502", .answer(502, page)),
        .init("503 with Retry-After", .answer(503, ["retry-after": "1"], "")),
        .init("504", .answer(504, "")),
        .init("429", .answer(429, "")),
        .init("429 with Retry-After", .answer(429, ["retry-after": "1"], "")),
        .init("500", .answer(500, refusal)),
        .init("200 without a body", .answer(200, "")),
        .init("200 with a page", .answer(200, page)),
        .init("200 with something else", .json(#"{"items":[{"colour":"red"}],"totalPages":1}"#)),
        .init("302", .answer(302, ["location": "http://127.0.0.1:1/"], "")),
        .init("401", .answer(401, refusal), once: .auth, always: .auth),
        .init("403", .answer(403, ""), once: .auth, always: .auth),
        // A list that is refused gives way to one request for each job, which here is refused as well.
        .init("400", .answer(400, refusal), once: .success, always: .refused("(400): the server's own words")),
        .init("409", .answer(409, refusal), once: .success, always: .refused("(409): the server's own words")),
        .init("422", .answer(422, refusal), once: .success, always: .refused("(422): the server's own words")),
    ]

    @Test(arguments: watchCells, [true, false])
    func `while watching`(cell: WatchCell, happensOnce: Bool) async throws {
        // Reads since the start; `nil` before it.
        let reads = Mutex<Int?>(nil)
        try await Peer.with { request, _ in
            if request.method == "POST" {
                reads.withLock { $0 = 0 }
                return .json(#"{"jobId":1}"#)
            }
            let number = reads.withLock { reads in
                reads = reads.map { $0 + 1 }
                return reads ?? 0
            }
            // Before the start, and once of the job.
            if number <= 1 { return .json(Self.running) }
            if happensOnce ? number == 2 : true { return cell.behaviour }
            return request.path.contains("/jobs/1") ? .json(#"{"id":1,"state":"COMPLETED"}"#) : .json(Self.completed)
        } _: { peer, port in
            var run = PolicyRun(url: "http://127.0.0.1:\(port)")
            run.patience = happensOnce ? .seconds(60) : cell.isSlow ? .seconds(8) : .milliseconds(700)
            run.readLimit = cell.isSlow ? .seconds(2) : run.readLimit
            let result = try await run.run()
            Self.check(result, happensOnce ? cell.once : cell.always)
            #expect(peer.count("POST") == 1)
            // Whatever became of the watching, the job runs.
            if result.end.status != .succeeded { #expect(result.end.running.map(\.label) == ["wf1"]) }
        }
    }

    // MARK: Without a connection

    @Test(arguments: ["http://baton.invalid:7701", "http://127.0.0.1:1", "https://127.0.0.1:1"])
    func `a server that cannot be reached is tried for as long as the patience lasts`(url: String) async throws {
        let began = ContinuousClock.now
        let result = try await PolicyRun(url: url).run()
        Self.check(result, .unreachable)
        #expect(ContinuousClock.now - began >= .milliseconds(700))
        #expect(result.end.notStarted == ["wf1"])
        #expect(result.lines.count == 1, "people are told once: \(result.lines)")
    }

    @Test func `a server without TLS is not spoken to`() async throws {
        try await Peer.with { _, _ in
            .json("{}")
        } _: { peer, port in
            var run = PolicyRun(url: "https://127.0.0.1:\(port)")
            run.connectLimit = .milliseconds(500)
            Self.check(try await run.run(), .unreachable)
            #expect(peer.requests.isEmpty)
        }
    }

    @Test func `a server that comes back within the patience is started once`() async throws {
        // Kept until the end, so that no other server of a test is given it.
        let reserved = try #require(ReservedPort())
        let port = reserved.number
        defer { withExtendedLifetime(reserved) {} }
        let (lines, told) = AsyncStream.makeStream(of: String.self)
        var run = PolicyRun(url: "http://127.0.0.1:\(port)")
        run.patience = .seconds(60)
        run.onLine = { told.yield($0) }
        let waiting = run
        let (results, ended) = AsyncStream.makeStream(of: PolicyRun.Result.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { ended.yield(try await waiting.run()) }
            for await _ in lines { break }
            try await Peer.with(port: port) { request, _ in
                request.method == "POST" ? .json(#"{"jobId":1}"#) : .json(Self.completed)
            } _: { peer, _ in
                for await result in results {
                    Self.check(result, .success)
                    break
                }
                #expect(peer.count("POST") == 1)
            }
        }
    }

    // MARK: Certificates

    @Test func `a certificate that nobody vouches for is named, and how to trust it`() async throws {
        let certificate = try TestCertificate(host: "127.0.0.1")
        try await Peer.with(tls: try certificate.context()) { _, _ in
            .json("{}")
        } _: { peer, port in
            let result = try await PolicyRun(url: "https://127.0.0.1:\(port)").run()
            Self.check(result, .unreachable)
            for part in ["CN=127.0.0.1", "signed by itself", certificate.fingerprint, "ca_file", "certificate_sha256"] {
                #expect(result.message.contains(part), "\(part) in \(result.message)")
            }
            #expect(peer.requests.isEmpty, "not a byte is sent")
        }
    }

    @Test func `a certificate of another name, or one that expired, is not trusted`() async throws {
        for (certificate, words) in [
            (try TestCertificate(host: "other.example.com"), "CN=other.example.com"),
            (try TestCertificate(host: "127.0.0.1", days: -2), "it expired on"),
        ] {
            try await Peer.with(tls: try certificate.context()) { _, _ in
                .json("{}")
            } _: { peer, port in
                var run = PolicyRun(url: "https://127.0.0.1:\(port)")
                let folder = try Folder()
                run.trust = ServerTrust(caFile: try folder.write(certificate.pem, to: "ca.pem"))
                let result = try await run.run()
                Self.check(result, .unreachable)
                #expect(result.message.contains(words), "\(result.message)")
                #expect(peer.requests.isEmpty)
            }
        }
    }

    @Test func `a company's own authority is trusted, and so is a certificate by its fingerprint`() async throws {
        let certificate = try TestCertificate(host: "127.0.0.1")
        let stranger = try TestCertificate(host: "stranger.example.com")
        let folder = try Folder()
        let authority = ServerTrust(caFile: try folder.write(certificate.pem, to: "ca.pem"))
        for (shown, trust) in [
            (certificate, authority),
            (certificate, ServerTrust(fingerprint: CertificateFingerprint(certificate.fingerprint))),
            // The fingerprint says it all: names and dates do not matter beside it.
            (stranger, ServerTrust(fingerprint: CertificateFingerprint(stranger.fingerprint.lowercased()))),
        ] {
            try await Peer.with(tls: try shown.context()) { request, _ in
                request.method == "POST" ? .json(#"{"jobId":1}"#) : .json(Self.completed)
            } _: { peer, port in
                var run = PolicyRun(url: "https://127.0.0.1:\(port)")
                run.trust = trust
                Self.check(try await run.run(), .success)
                #expect(peer.count("POST") == 1)
            }
        }
    }

    @Test func `another certificate than the one that is trusted is sent nothing`() async throws {
        let certificate = try TestCertificate(host: "127.0.0.1")
        let other = try TestCertificate(host: "127.0.0.1")
        try await Peer.with(tls: try certificate.context()) { _, _ in
            .json("{}")
        } _: { peer, port in
            var run = PolicyRun(url: "https://127.0.0.1:\(port)")
            run.trust = ServerTrust(fingerprint: CertificateFingerprint(other.fingerprint))
            let result = try await run.run()
            Self.check(result, .unreachable)
            #expect(result.message.contains("another certificate than certificate_sha256"))
            #expect(peer.requests.isEmpty)
            #expect(peer.connections >= 1)
        }
    }

    // MARK: The key

    @Test(arguments: [401, 403])
    func `a key that is refused is read once more`(status: Int) async throws {
        let folder = try Folder()
        let file = try folder.write("an-old-key-of-tests-0001", to: "key", mode: 0o600)
        try await Peer.with { request, _ in
            if request.headers["authorization"] != "default a-new-key-of-tests-0002" {
                // The key is changed while the run is on its way.
                _ = try? folder.write("a-new-key-of-tests-0002", to: "key", mode: 0o600)
                return .answer(status, "")
            }
            return request.method == "POST" ? .json(#"{"jobId":1}"#) : .json(Self.completed)
        } _: { peer, port in
            var run = PolicyRun(url: "http://127.0.0.1:\(port)")
            run.key = .file(file)
            run.patience = .seconds(60)
            Self.check(try await run.run(), .success)
            #expect(peer.count("POST") == 2, "refused once, so not executed, and sent again")
        }
    }

    @Test func `a refused key is named by its environment and its last characters only`() async throws {
        try await Peer.with { request, _ in
            // A server that repeats what it was sent.
            // And writes some of its letters as escapes.
            let header = (request.headers["authorization"] ?? "").replacing("key", with: #"\u006bey"#)
            return .answer(401, #"{"message":"bad: \#(header)"}"#)
        } _: { peer, port in
            let result = try await PolicyRun(url: "http://127.0.0.1:\(port)").run()
            Self.check(result, .auth)
            #expect(result.message.contains(#"environment "default", key …0001"#))
            #expect(result.message.contains("bad: default ***"))
            #expect(!"\(result)".contains("a-key-of-tests"))
            #expect(peer.count("POST") == 1)
        }
    }

    // MARK: Redirects, limits, proxies

    @Test func `a read follows redirects on its own server, and the key goes nowhere else`() async throws {
        try await Peer.with { _, _ in
            .json(Self.completed)
        } _: { other, otherPort in
            try await Peer.with { request, number in
                if request.method == "POST" { return .json(#"{"jobId":1}"#) }
                if request.path == "/moved" { return .json(Self.completed) }
                if number == 1 {
                    return .answer(302, ["location": "http://127.0.0.1:\(otherPort)/elsewhere"], "")
                }
                return .answer(302, ["location": "/moved"], "")
            } _: { peer, port in
                var run = PolicyRun(url: "http://127.0.0.1:\(port)")
                run.patience = .seconds(60)
                Self.check(try await run.run(), .success)
                #expect(peer.requests.contains { $0.path == "/moved" })
                #expect(other.requests.isEmpty)
            }
        }
    }

    @Test func `an answer over the limit is no answer`() async throws {
        try await Peer.with { request, _ in
            let large = String(repeating: " ", count: (16 << 20) + 1)
            return request.method == "POST" ? .json(#"{"jobId":1}"#) : .json(large)
        } _: { _, port in
            let result = try await PolicyRun(url: "http://127.0.0.1:\(port)").run()
            Self.check(result, .unreachable)
            #expect(result.message.contains("larger than 16 MB"), "\(result.message)")
        }
    }

    @Test func `requests go through the proxy that the environment names`() async throws {
        // A proxy that refuses: what it is asked shows that it was.
        try await Peer.with { _, _ in
            .answer(403, "")
        } _: { proxy, port in
            var run = PolicyRun(url: "http://studio.example.com:7701")
            run.environment = ["http_proxy": "http://someone:secret@127.0.0.1:\(port)"]
            let result = try await run.run()
            Self.check(result, .unreachable)
            #expect(proxy.requests.first?.method == "CONNECT")
            #expect(proxy.requests.first?.path == "studio.example.com:7701")
            #expect(proxy.requests.first?.headers["proxy-authorization"] == "Basic c29tZW9uZTpzZWNyZXQ=")
            #expect(result.end.notStarted == ["wf1"], "nothing was sent, so nothing is in doubt")
        }
    }

    private static func check(
        _ result: PolicyRun.Result, _ expected: Expected, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let status = result.end.status
        switch expected {
        case .success: #expect(status == .succeeded, "\(result.message)", sourceLocation: sourceLocation)
        case .doubt:
            #expect(status == .ambiguous, "\(result.message)", sourceLocation: sourceLocation)
            #expect(result.end.doubtful.map(\.step.label) == ["wf1"], sourceLocation: sourceLocation)
        case .refused(let words):
            #expect(status == .failed, sourceLocation: sourceLocation)
            #expect(result.message.contains(words), "\(result.message)", sourceLocation: sourceLocation)
        case .auth:
            #expect(status == .auth, "\(result.message)", sourceLocation: sourceLocation)
            #expect(result.message.contains("environment \"default\""), sourceLocation: sourceLocation)
        case .unreachable: #expect(status == .unreachable, "\(result.message)", sourceLocation: sourceLocation)
        }
        if case .doubt = expected {} else { #expect(!result.isDoubtful, sourceLocation: sourceLocation) }
    }
}
