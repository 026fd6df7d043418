import NIOCore
import NIOPosix
package import NIOSSL
import Synchronization

/// A server on a real socket that does with each request what a test says, down to single bytes.
package final class Peer: Sendable {
    /// What becomes of one request.
    package enum Behaviour: Sendable {
        /// A whole answer.
        case respond(Int, [String: String], String)
        /// These bytes, and then the connection is closed.
        case raw([UInt8])
        /// The connection is closed before the first byte.
        case close
        /// The header comes, and then the connection is closed.
        case closeAfterHead
        /// Half of the body comes, and then the connection is closed.
        case closeInBody
        /// The body comes with a byte at a time, each after so long.
        case trickle(Duration, String)
        /// Nothing ever comes.
        case silence

        /// True for what takes longer than anybody waits.
        package var isSlow: Bool {
            switch self {
            case .silence, .trickle: true
            default: false
            }
        }

        package static func answer(_ status: Int, _ body: String) -> Behaviour { .respond(status, [:], body) }

        package static func answer(_ status: Int, _ headers: [String: String], _ body: String) -> Behaviour {
            .respond(status, headers, body)
        }

        package static func json(_ body: String) -> Behaviour {
            .respond(200, ["content-type": "application/json"], body)
        }
    }

    /// A request as it came.
    package struct Request: Sendable {
        package let method: String
        package let path: String
        package let headers: [String: String]
        package let body: String
    }

    private struct State {
        var requests: [Request] = []
        var connections = 0
    }

    private let state = Mutex(State())
    /// Connections that were accepted and that nobody serves yet. One that comes while its peer ends stays here for good: it
    /// must not be let go without having been finished.
    private static let unserved = Mutex<[ObjectIdentifier: NIOAsyncChannel<ByteBuffer, ByteBuffer>]>([:])
    private let respond: @Sendable (Request, _ number: Int) -> Behaviour

    private init(_ respond: @escaping @Sendable (Request, Int) -> Behaviour) {
        self.respond = respond
    }

    /// The requests so far.
    package var requests: [Request] { state.withLock { $0.requests } }
    /// How many connections there were.
    package var connections: Int { state.withLock { $0.connections } }

    package func count(_ method: String) -> Int { requests.count { $0.method == method } }

    /// Runs a peer for as long as the body takes; all its connections are closed then.
    ///
    /// - Parameters:
    ///   - port: 0 for one that is free.
    ///   - tls: for HTTPS.
    ///   - respond: is given the request and how many of its method there have been, from 1.
    package static func with<R: Sendable>(
        port: Int = 0, tls: NIOSSLContext? = nil, _ respond: @escaping @Sendable (Request, _ number: Int) -> Behaviour,
        _ body: @escaping @Sendable (_ peer: Peer, _ port: Int) async throws -> R
    ) async throws -> R {
        let peer = Peer(respond)
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .bind(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls)) }
                    let connection = try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                    unserved.withLock { $0[ObjectIdentifier(channel)] = connection }
                    return connection
                }
            }
        let port = server.channel.localAddress?.port ?? 0
        return try await withThrowingTaskGroup(of: R?.self) { group in
            group.addTask {
                try await server.executeThenClose { connections in
                    await withDiscardingTaskGroup { group in
                        do {
                            for try await connection in connections {
                                peer.state.withLock { $0.connections += 1 }
                                group.addTask { try? await peer.serve(connection) }
                            }
                        } catch {}
                    }
                }
                return nil
            }
            group.addTask { try await body(peer, port) }
            defer { group.cancelAll() }
            while let result = try await group.next() {
                if let result { return result }
            }
            throw CancellationError()
        }
    }

    private func serve(_ connection: NIOAsyncChannel<ByteBuffer, ByteBuffer>) async throws {
        _ = Self.unserved.withLock { $0.removeValue(forKey: ObjectIdentifier(connection.channel)) }
        try await connection.executeThenClose { inbound, outbound in
            var buffered = ""
            for try await bytes in inbound {
                buffered += String(buffer: bytes)
                while let request = Self.request(in: &buffered) {
                    guard try await respond(to: request, outbound) else { return }
                }
            }
        }
    }

    /// Takes a whole request from the beginning of what has come.
    private static func request(in text: inout String) -> Request? {
        guard let end = text.firstRange(of: "\r\n\r\n") else { return nil }
        let lines = text[..<end.lowerBound].split(separator: "\r\n")
        let words = (lines.first ?? "").split(separator: " ").map(String.init)
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let sides = line.split(separator: ":", maxSplits: 1)
            if sides.count == 2 { headers[sides[0].lowercased()] = sides[1].drop { $0 == " " }.description }
        }
        let length = headers["content-length"].flatMap { Int($0) } ?? 0
        guard text[end.upperBound...].utf8.count >= length, words.count >= 2 else { return nil }
        let body = String(decoding: text[end.upperBound...].utf8.prefix(length), as: UTF8.self)
        text = String(decoding: text[end.upperBound...].utf8.dropFirst(length), as: UTF8.self)
        return Request(method: words[0], path: words[1], headers: headers, body: body)
    }

    /// - Returns: false if the connection is to be closed.
    private func respond(
        to request: Request, _ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    ) async throws -> Bool {
        let number = state.withLock { state in
            state.requests.append(request)
            return state.requests.count { $0.method == request.method }
        }
        func head(_ status: Int, _ headers: [String: String], _ length: Int) -> String {
            let fields = headers.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)\r\n" }.joined()
            return "HTTP/1.1 \(status) Some Reason\r\n\(fields)content-length: \(length)\r\n\r\n"
        }
        func send(_ text: String) async throws { try await outbound.write(ByteBuffer(string: text)) }
        switch respond(request, number) {
        case .respond(let status, let headers, let body): try await send(head(status, headers, body.utf8.count) + body)
        case .raw(let bytes):
            try await outbound.write(ByteBuffer(bytes: bytes))
            return false
        case .close: return false
        case .closeAfterHead:
            try await send(head(200, ["content-type": "application/json"], 100))
            return false
        case .closeInBody:
            try await send(head(200, ["content-type": "application/json"], 100) + #"{"jobId": 47"#)
            return false
        case .trickle(let pause, let body):
            try await send(head(200, ["content-type": "application/json"], body.utf8.count))
            for byte in body.utf8 {
                try await outbound.write(ByteBuffer(bytes: [byte]))
                try await Task.sleep(for: pause)
            }
        case .silence: try await Task.sleep(for: .seconds(3600))
        }
        return true
    }
}
