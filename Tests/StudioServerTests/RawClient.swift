import NIOCore
import NIOPosix

/// A client that sends bytes and reads bytes, so that a test sees what is on the wire and nothing else.
struct RawClient {
    private let channel: NIOAsyncChannel<ByteBuffer, ByteBuffer>

    /// Connects, and closes the connection when the body ends.
    static func connected<R: Sendable>(
        to port: Int, _ body: @Sendable (inout Exchange) async throws -> R
    ) async throws -> R {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            var exchange = Exchange(inbound: inbound.makeAsyncIterator(), outbound: outbound)
            return try await body(&exchange)
        }
    }

    /// Sends one request on a connection of its own and reads until the server closes it.
    static func send(
        to port: Int, _ method: String, _ path: String, key: String? = "default simulated-key", body: [UInt8] = []
    ) async throws -> String {
        try await connected(to: port) { exchange in
            try await exchange.send(method, path, key: key, body: body, close: true)
            return try await exchange.rest()
        }
    }

    /// One open connection.
    struct Exchange {
        var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
        let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
        private var buffered = ""

        init(
            inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator,
            outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
        ) {
            self.inbound = inbound
            self.outbound = outbound
        }

        func send(
            _ method: String, _ path: String, key: String? = "default simulated-key", body: [UInt8] = [],
            close: Bool = false
        ) async throws {
            var head = "\(method) \(path) HTTP/1.1\r\nhost: localhost\r\n"
            if let key { head += "authorization: \(key)\r\n" }
            if !body.isEmpty { head += "content-length: \(body.count)\r\n" }
            if close { head += "connection: close\r\n" }
            try await outbound.write(ByteBuffer(bytes: Array((head + "\r\n").utf8) + body))
        }

        /// Reads up to and with a text; what there was, if the connection ends before.
        mutating func read(through text: String) async throws -> String {
            while true {
                if let range = buffered.firstRange(of: text) {
                    defer { buffered.removeSubrange(..<range.upperBound) }
                    return String(buffered[..<range.upperBound])
                }
                guard let part = try await inbound.next(isolation: #isolation) else { return buffered }
                buffered += String(buffer: part)
            }
        }

        /// Reads until the server closes the connection.
        mutating func rest() async throws -> String {
            while let part = try await inbound.next(isolation: #isolation) { buffered += String(buffer: part) }
            return buffered
        }
    }
}
