// What is looked at here is what Linux says of a socket.
#if os(Linux)
import BatonHost
import DataStudio
import Dispatch
import Foundation
import Glibc
import HTTPTypes
import Orchestration
import Synchronization
import TestPeer
import Testing

/// The socket of a start: what it is set to, and how its connection ends.
@Suite(.timeLimit(.minutes(2))) struct StartSocketTests {
    private static let answer = "HTTP/1.1 200 OK\r\ncontent-length: 11\r\n\r\n{\"jobId\":1}"

    @Test(arguments: [false, true])
    func `a start leaves over a socket that delivers within seconds or never`(isIPv6: Bool) async throws {
        guard let listener = Listener(isIPv6: isIPv6) else {
            // A machine may be without IPv6.
            #expect(isIPv6)
            return
        }
        let start = try await start(at: listener) { connection in
            let request = connection.receive()
            let options = SocketOptions.ofConnection(to: listener.port)
            connection.send(Self.answer)
            return (request, options, connection.end())
        }
        #expect(start.seen.0.hasPrefix("POST /start HTTP/1.1\r\n"))
        #expect(start.isBounded == true)
        #expect(start.seen.1 == SocketOptions.ofStart, "when the request had come")
        #expect(start.seen.2 == .ordinary, "the whole answer was there")
        #expect(start.status == 200)
    }

    @Test func `nothing leaves before the options are set`() async throws {
        let listener = try #require(Listener(isIPv6: false))
        let options = Mutex<SocketOptions?>(nil)
        let start = try await start(at: listener) { word, _ in
            options.withLock { $0 = SocketOptions.ofConnection(to: listener.port) }
            word.go()
        } _: { connection in
            let request = connection.receive()
            connection.send(Self.answer)
            return request
        }
        #expect(options.withLock { $0 } == SocketOptions.ofStart)
        #expect(start.status == 200)
    }

    @Test func `with TLS it is the same socket`() async throws {
        let certificate = try TestCertificate(host: "127.0.0.1")
        let trust = ServerTrust(fingerprint: CertificateFingerprint(certificate.fingerprint))
        try await Peer.with(tls: try certificate.context()) { _, _ in
            .json(#"{"jobId":1}"#)
        } _: { peer, port in
            let client = try Self.client("https://127.0.0.1:\(port)", trust: trust)
            let options = Mutex<SocketOptions?>(nil)
            let bounded = Mutex(false)
            let word = StartWord()
            let outcome = await client.start(Self.request, word) { isBounded in
                bounded.withLock { $0 = isBounded }
                options.withLock { $0 = SocketOptions.ofConnection(to: port) }
                word.go()
            }
            await client.shutdown()
            #expect(bounded.withLock { $0 })
            #expect(options.withLock { $0 } == SocketOptions.ofStart)
            #expect(Self.status(outcome) == 200)
            #expect(peer.count("POST") == 1)
        }
    }

    @Test func `through a proxy it is the socket to the proxy`() async throws {
        let listener = try #require(Listener(isIPv6: false))
        let start = try await start(
            at: listener, url: "http://studio.invalid:7701",
            environment: ["http_proxy": "http://127.0.0.1:\(listener.port)"]
        ) { connection in
            let connect = connection.receive()
            connection.send("HTTP/1.1 200 OK\r\n\r\n")
            let request = connection.receive()
            let options = SocketOptions.ofConnection(to: listener.port)
            connection.send(Self.answer)
            return (connect, request, options, connection.end())
        }
        #expect(start.seen.0.hasPrefix("CONNECT studio.invalid:7701 "))
        #expect(start.seen.1.hasPrefix("POST /start "))
        #expect(start.isBounded == true)
        #expect(start.seen.2 == SocketOptions.ofStart)
        #expect(start.seen.3 == .ordinary)
        #expect(start.status == 200)
    }

    @Test(arguments: ["", "HTTP/1.1 200 OK\r\ncontent-length: 11\r\n\r\n{\"job"])
    func `a start that is dropped before the whole answer is there ends with a reset`(sent: String) async throws {
        let listener = try #require(Listener(isIPv6: false))
        let start = try await start(at: listener, limit: .milliseconds(300)) { connection in
            let request = connection.receive()
            connection.send(sent)
            return (request, connection.end())
        }
        #expect(start.seen.0.hasPrefix("POST /start "))
        #expect(start.seen.1 == .reset)
        guard case .broken = start.outcome else {
            Issue.record("\(start.outcome)")
            return
        }
    }

    @Test func `a connection that the run does not want is closed, and nothing has been sent over it`() async throws {
        let listener = try #require(Listener(isIPv6: false))
        let start = try await start(at: listener) { word, _ in
            word.drop()
        } _: { connection in
            (connection.receive(), connection.end())
        }
        #expect(start.seen.0.isEmpty)
        #expect(start.seen.1 == .reset)
        guard case .unsent = start.outcome else {
            Issue.record("\(start.outcome)")
            return
        }
    }

    @Test func `a connection that ends before the word is given is no start in doubt`() async throws {
        let listener = try #require(Listener(isIPv6: false))
        let word = StartWord()
        let opened = DispatchSemaphore(value: 0)
        let client = try Self.client("http://127.0.0.1:\(listener.port)")
        async let served: Void = blocking {
            let connection = try listener.accept()
            try #require(opened.wait(timeout: .now() + 20) == .success)
            connection.finish()
            // The word comes when the client knows.
            var tries = 0
            while SocketOptions.ofConnection(to: listener.port) != nil, tries < 20_000 {
                usleep(1000)
                tries += 1
            }
            word.go()
        }
        let outcome = await client.start(Self.request, word) { _ in opened.signal() }
        try await served
        await client.shutdown()
        #expect(outcome == .unsent("the server closed the connection before the start was sent"))
    }

    @Test func `a server may take longer for its answer than the network for the start`() async throws {
        let listener = try #require(Listener(isIPv6: false))
        let start = try await start(at: listener) { connection in
            let request = connection.receive()
            sleep(7)
            connection.send(Self.answer)
            return (request, connection.end())
        }
        #expect(start.status == 200)
        #expect(start.seen.1 == .ordinary)
    }

    // MARK: One start

    /// What came of a start, and what the server saw of it.
    private struct Start<Seen: Sendable>: Sendable {
        let outcome: ExchangeOutcome
        /// `nil`: there was no connection.
        let isBounded: Bool?
        let seen: Seen

        var status: Int? { StartSocketTests.status(outcome) }
    }

    private static let request = StudioRequest(operation: .executeWorkflow, method: .post, path: "/start")

    private static func status(_ outcome: ExchangeOutcome) -> Int? {
        if case .reply(let reply) = outcome { reply.status } else { nil }
    }

    private static func client(
        _ url: String, trust: ServerTrust = ServerTrust(), environment: [String: String] = [:],
        limit: Duration = .seconds(60)
    ) throws -> StudioClient {
        let limits = ClientTimeouts(connect: .seconds(30), silence: .seconds(60), whole: limit)
        return try StudioClient(
            ServerConfiguration(url: url, key: .literal("a-key-of-tests-0001"), api: try .default(), trust: trust),
            key: nil, startTimeouts: limits, readTimeouts: limits, environment: environment)
    }

    /// Sends one start, as soon as there is a connection.
    private func start<Seen: Sendable>(
        at listener: Listener, url: String? = nil, environment: [String: String] = [:], limit: Duration = .seconds(60),
        _ serve: @escaping @Sendable (Connection) throws -> Seen
    ) async throws -> Start<Seen> {
        try await start(at: listener, url: url, environment: environment, limit: limit) { word, _ in
            word.go()
        } _: { connection in
            try serve(connection)
        }
    }

    /// Makes a connection for one start.
    ///
    /// - Parameters:
    ///   - opened: decides about it.
    ///   - serve: what the server does with the connection.
    private func start<Seen: Sendable>(
        at listener: Listener, url: String? = nil, environment: [String: String] = [:], limit: Duration = .seconds(60),
        opened: @escaping @Sendable (StartWord, _ isBounded: Bool) -> Void,
        _ serve: @escaping @Sendable (Connection) throws -> Seen
    ) async throws -> Start<Seen> {
        let client = try Self.client(url ?? "http://\(listener.address)", environment: environment, limit: limit)
        async let seen = blocking { try serve(try listener.accept()) }
        let word = StartWord()
        let bounded = Mutex<Bool?>(nil)
        let outcome = await client.start(Self.request, word) { isBounded in
            bounded.withLock { $0 = isBounded }
            opened(word, isBounded)
        }
        await client.shutdown()
        return Start(outcome: outcome, isBounded: bounded.withLock { $0 }, seen: try await seen)
    }
}

/// Runs what waits on a thread of its own.
private func blocking<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Result { try body() }) }
    }
}

/// What the kernel knows of a socket of this process.
private struct SocketOptions: Hashable, Sendable {
    /// `TCP_USER_TIMEOUT`, in milliseconds.
    var deliveryTime: Int32
    /// True if closing it resets the connection.
    var resets: Bool

    static let ofStart = SocketOptions(deliveryTime: 5000, resets: true)

    /// The options of the one socket that is connected to a port; `nil` if there is none.
    static func ofConnection(to port: Int) -> SocketOptions? {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        return names.compactMap { Int32($0) }.first { peer(of: $0) == port }.map { descriptor in
            var time: Int32 = -1
            var length = socklen_t(MemoryLayout<Int32>.size)
            getsockopt(descriptor, Int32(IPPROTO_TCP), TCP_USER_TIMEOUT, &time, &length)
            var value = linger()
            length = socklen_t(MemoryLayout<linger>.size)
            getsockopt(descriptor, SOL_SOCKET, SO_LINGER, &value, &length)
            return SocketOptions(deliveryTime: time, resets: value.l_onoff != 0 && value.l_linger == 0)
        }
    }

    /// The port that a socket is connected to.
    private static func peer(of descriptor: Int32) -> Int? {
        var address = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let isConnected = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getpeername(descriptor, $0, &length) == 0 }
        }
        guard isConnected, [AF_INET, AF_INET6].contains(Int32(address.ss_family)) else { return nil }
        // The port stands at the same place for both families.
        return withUnsafeBytes(of: &address) { Int($0[2]) << 8 | Int($0[3]) }
    }
}

/// A listening socket on a loopback address. ``Peer`` does not show how connections end.
private final class Listener: Sendable {
    /// The port.
    let port: Int
    /// As URLs have it.
    let address: String
    private let descriptor: Int32

    /// - Returns: `nil` if the machine has no such address.
    init?(isIPv6: Bool) {
        let descriptor = socket(isIPv6 ? AF_INET6 : AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var storage = sockaddr_storage()
        var length = socklen_t(isIPv6 ? MemoryLayout<sockaddr_in6>.size : MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutablePointer(to: &storage) { pointer in
            if isIPv6 {
                pointer.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) {
                    $0.pointee.sin6_family = sa_family_t(AF_INET6)
                    inet_pton(AF_INET6, "::1", &$0.pointee.sin6_addr)
                }
            } else {
                pointer.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                    $0.pointee.sin_family = sa_family_t(AF_INET)
                    inet_pton(AF_INET, "127.0.0.1", &$0.pointee.sin_addr)
                }
            }
            return pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && listen(descriptor, 8) == 0
                    && getsockname(descriptor, $0, &length) == 0
            }
        }
        port = withUnsafeBytes(of: &storage) { Int($0[2]) << 8 | Int($0[3]) }
        address = (isIPv6 ? "[::1]:" : "127.0.0.1:") + "\(port)"
        self.descriptor = descriptor
        guard isListening else { return nil }
        Connection.limit(descriptor)
    }

    deinit { close(descriptor) }

    /// Waits for the next connection.
    func accept() throws -> Connection {
        let connection = Glibc.accept(descriptor, nil, nil)
        try #require(connection >= 0)
        return Connection(connection)
    }
}

/// One connection to a ``Listener``; every call waits.
private final class Connection: Sendable {
    /// How a connection ended.
    enum End: Hashable, Sendable {
        /// The other side has closed it, and everything it had sent has come.
        case ordinary
        case reset
        /// It did not end.
        case open
    }

    private let descriptor: Int32
    private let wasReset = Mutex(false)

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
        Self.limit(descriptor)
    }

    deinit { close(descriptor) }

    /// No call waits for longer than tests may take.
    static func limit(_ descriptor: Int32) {
        var time = timeval(tv_sec: 30, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
    }

    /// The head of the next request; what has come if the connection ends before.
    func receive() -> String {
        var text = ""
        while !text.hasSuffix("\r\n\r\n"), case .bytes(let more) = next() { text += more }
        return text
    }

    func send(_ text: String) {
        let bytes = Array(text.utf8)
        if !bytes.isEmpty { _ = write(descriptor, bytes, bytes.count) }
    }

    /// Waits for the connection's end.
    func end() -> End {
        while true {
            switch next() {
            case .bytes: continue
            case .end(let end): return end
            }
        }
    }

    /// Closes the connection, in the ordinary way.
    func finish() {
        shutdown(descriptor, Int32(SHUT_RDWR))
    }

    private enum Next {
        case bytes(String)
        case end(End)
    }

    private func next() -> Next {
        // A reset is told once.
        guard !wasReset.withLock({ $0 }) else { return .end(.reset) }
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = read(descriptor, &buffer, buffer.count)
        guard count <= 0 else { return .bytes(String(decoding: buffer[..<count], as: UTF8.self)) }
        guard count < 0 else { return .end(.ordinary) }
        guard errno == ECONNRESET else { return .end(.open) }
        wasReset.withLock { $0 = true }
        return .end(.reset)
    }
}
#endif
