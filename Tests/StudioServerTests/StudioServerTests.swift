import DataStudio
import JSON
import NIOCore
import SimulatedStudio
import StudioServer
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(5)))
struct StudioServerTests {
    private static let start = Array(#"{"externalLabel":"wf1"}"#.utf8)

    @Test func `a job is started and found over a socket`() async throws {
        try await StudioServer.withServer(scenario: .anything) { server in
            #expect(server.port > 0)
            #expect(server.baseURL == "http://127.0.0.1:\(server.port)")
            let started = try await RawClient.send(
                to: server.port, "POST", "/api/1.0/workflows/execute", body: Self.start)
            #expect(started.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(started.lowercased().contains("\r\ncontent-type: application/json\r\n"))
            #expect(started.hasSuffix("\r\n\r\n" + #"{"jobId":4711}"#))
            let job = try await RawClient.send(to: server.port, "GET", "/api/1.0/jobs/4711")
            #expect(job.contains(#""workflowExternalLabel":"wf1""#))
            #expect(server.jobs().map(\.label) == ["wf1"])
            #expect(server.jobLog().map { $0["id"] } == [4711])
            #expect(server.log.map(\.operation) == [.executeWorkflow, .getJob])
        }
    }

    @Test func `a wrong key is refused over a socket`() async throws {
        try await StudioServer.withServer(scenario: .anything) { server in
            let reply = try await RawClient.send(to: server.port, "GET", "/api/1.0/jobs", key: "default wrong")
            #expect(reply.hasPrefix("HTTP/1.1 401 Unauthorized\r\n"))
            #expect(reply.hasSuffix(#"{"status":401,"message":"The API key is not valid."}"#))
        }
    }

    @Test func `the query reaches the simulation`() async throws {
        try await StudioServer.withServer(scenario: .anything) { server in
            let reply = try await RawClient.send(to: server.port, "GET", "/api/1.0/jobs?page=3&pageSize=1")
            #expect(reply.hasSuffix(#"{"items":[],"page":3,"totalPages":1}"#))
        }
    }

    @Test func `the documentation is found without a key`() async throws {
        try await StudioServer.withServer(scenario: .anything) { server in
            let directory = try await RawClient.send(to: server.port, "GET", "/api/docs", key: nil)
            #expect(directory.hasPrefix("HTTP/1.1 302 Found\r\n"))
            #expect(directory.lowercased().contains("\r\nlocation: /api/docs/\r\n"))
            let page = try await RawClient.send(to: server.port, "GET", "/api/docs/", key: nil)
            #expect(page.lowercased().contains("\r\ncontent-type: text/html; charset=utf-8\r\n"))
        }
    }

    @Test func `a lost reply closes the connection without a byte`() async throws {
        let scenario = try Scenario(yaml: "workflows: { wf1: { reply: lost } }")
        try await StudioServer.withServer(scenario: scenario) { server in
            let reply = try await RawClient.connected(to: server.port) { exchange in
                try await exchange.send("POST", "/api/1.0/workflows/execute", body: Self.start)
                return try await exchange.rest()
            }
            #expect(reply.isEmpty)
            #expect(server.jobs().map(\.label) == ["wf1"])
            #expect(server.log.map(\.status) == [nil])
        }
    }

    @Test func `a connection serves one request after the other`() async throws {
        try await StudioServer.withServer(scenario: .anything) { server in
            try await RawClient.connected(to: server.port) { exchange in
                for number in 4711...4713 {
                    try await exchange.send("POST", "/api/1.0/workflows/execute", body: Self.start)
                    #expect(try await exchange.read(through: "}").hasSuffix("{\"jobId\":\(number)}"))
                }
            }
        }
    }

    @Test func `a body over 16 MB is refused with 413, and the connection stays usable`() async throws {
        try await StudioServer.withServer(scenario: .anything) { server in
            try await RawClient.connected(to: server.port) { exchange in
                let body = [UInt8](repeating: 0x20, count: SimulatedStudio.bodyLimit + 1)
                try await exchange.send("POST", "/api/1.0/workflows/execute", body: body)
                #expect(try await exchange.read(through: "}").hasPrefix("HTTP/1.1 413 "))
                try await exchange.send("POST", "/api/1.0/workflows/execute", body: Self.start)
                #expect(try await exchange.read(through: "}").hasPrefix("HTTP/1.1 200 "))
            }
        }
    }

    @Test func `a body of 16 MB is taken`() async throws {
        try await StudioServer.withServer(scenario: .anything) { server in
            let space = [UInt8](repeating: 0x20, count: SimulatedStudio.bodyLimit - Self.start.count)
            let reply = try await RawClient.send(
                to: server.port, "POST", "/api/1.0/workflows/execute", body: space + Self.start)
            #expect(reply.hasPrefix("HTTP/1.1 200 "))
        }
    }

    @Test func `the answer to HEAD has no body`() async throws {
        try await StudioServer.withServer(scenario: .anything) { server in
            let reply = try await RawClient.send(to: server.port, "HEAD", "/api/1.0/jobs")
            #expect(reply.hasPrefix("HTTP/1.1 405 "))
            #expect(reply.hasSuffix("\r\n\r\n"))
        }
    }

    @Test func `many connections at once each get their own job`() async throws {
        try await StudioServer.withServer(scenario: .anything) { server in
            let replies = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<50 {
                    group.addTask {
                        try await RawClient.send(
                            to: server.port, "POST", "/api/1.0/workflows/execute", body: Self.start)
                    }
                }
                return try await group.reduce(into: Set()) { $0.insert($1) }
            }
            #expect(replies.count == 50)
            #expect(server.jobs().count == 50)
        }
    }

    // MARK: The life of the server

    @Test func `the observer sees each request in order`() async throws {
        let seen = Mutex<[StudioLogEntry]>([])
        let observe: @Sendable (StudioLogEntry) -> Void = { entry in seen.withLock { $0.append(entry) } }
        try await StudioServer.withServer(scenario: .anything, log: observe) { server in
            for path in ["/api/1.0/jobs", "/nowhere"] {
                _ = try await RawClient.send(to: server.port, "GET", path)
            }
            #expect(seen.withLock { $0 } == server.log)
            #expect(server.log.map(\.path) == ["/api/1.0/jobs", "/nowhere"])
        }
    }

    @Test func `a job carries the time of the wall clock`() async throws {
        try await StudioServer.withServer(scenario: .anything) { server in
            _ = try await RawClient.send(to: server.port, "POST", "/api/1.0/workflows/execute", body: Self.start)
            let created = try #require(server.jobs().first?.created)
            // 2026 to 2100: a clock that counts from the start of the machine, or in seconds, is far from it.
            #expect((1_767_225_600_000..<4_102_444_800_000).contains(created.milliseconds))
        }
    }

    private struct Stop: Error {}

    @Test(arguments: [false, true])
    func `connections that are idle are closed when the server ends`(byThrowing: Bool) async throws {
        let (opened, open) = AsyncStream.makeStream(of: Void.self)
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        // The clients outlive the server: they can end only because the server closes its connections.
        async let endings: Void = withThrowingTaskGroup(of: Void.self) { group in
            for await port in ports {
                group.addTask {
                    try await RawClient.connected(to: port) { exchange in
                        try await exchange.send("GET", "/api/1.0/jobs")
                        _ = try await exchange.read(through: "}")
                        open.yield()
                        // A reset is an end as well.
                        _ = try? await exchange.rest()
                    }
                }
                group.addTask {
                    try await RawClient.connected(to: port) { exchange in
                        try await exchange.outbound.write(ByteBuffer(string: "GET /half-a-request HT"))
                        open.yield()
                        // A reset is an end as well.
                        _ = try? await exchange.rest()
                    }
                }
            }
            try await group.waitForAll()
        }
        do {
            try await StudioServer.withServer(scenario: .anything) { server in
                port.yield(server.port)
                port.finish()
                var waiting = opened.makeAsyncIterator()
                for _ in 0..<2 { await waiting.next() }
                if byThrowing { throw Stop() }
            }
            #expect(!byThrowing)
        } catch is Stop {
            #expect(byThrowing)
        }
        try await endings
    }

    @Test func `a server may end while connections come in`() async throws {
        // Hummingbird alone ends the process here, in some of a hundred times.
        for _ in 0..<100 {
            try await withThrowingTaskGroup(of: Void.self) { group in
                try await StudioServer.withServer(scenario: .anything) { server in
                    let (starts, start) = AsyncStream.makeStream(of: Void.self)
                    for _ in 0..<4 {
                        group.addTask {
                            start.yield()
                            _ = try? await RawClient.send(to: server.port, "GET", "/api/1.0/jobs")
                        }
                    }
                    var waiting = starts.makeAsyncIterator()
                    for _ in 0..<4 { await waiting.next() }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test func `a port is free again when the server has ended`() async throws {
        // Another test that runs at the same time may be given the port in between, but not three times.
        for attempt in 1...3 {
            let port = try await StudioServer.withServer(scenario: .anything) { $0.port }
            do {
                #expect(try await StudioServer.withServer(scenario: .anything, port: port) { $0.port } == port)
                return
            } catch  where attempt < 3 { continue }
        }
    }

    @Test func `a port in use is an error that says what to do`() async throws {
        try await StudioServer.withServer(scenario: .anything) { server in
            let error = await #expect(throws: StudioServerError.self) {
                try await StudioServer.withServer(scenario: .anything, port: server.port) { _ in }
            }
            #expect(error?.code == .portInUse)
            #expect(
                error?.description == """
                    port \(server.port) on 127.0.0.1 is already in use: stop what listens there, or choose another \
                    port (0 takes a free one)
                    """)
        }
    }

    @Test(arguments: [("127.0.0.1", 70_000), ("127.0.0.1", -1), ("203.0.113.1", 0)])
    func `an address that cannot be listened on is an error`(host: String, port: Int) async throws {
        let error = await #expect(throws: StudioServerError.self) {
            try await StudioServer.withServer(scenario: .anything, host: host, port: port) { _ in }
        }
        #expect(error?.code == .cannotListen)
    }
}
