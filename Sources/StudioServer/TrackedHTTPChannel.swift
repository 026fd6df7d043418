import HummingbirdCore
import Logging
import NIOCore
import NIOSSL

/// Hummingbird's HTTP/1.1 connections, remembered in a list as long as they are open, with TLS below them if wanted.
struct TrackedHTTPChannel: ServerChildChannel {
    let http: HTTP1Channel
    let connections: OpenConnections
    let tls: NIOSSLContext?

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<HTTP1Channel.Value> {
        if let tls {
            do {
                try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls))
            } catch {
                return channel.eventLoop.makeFailedFuture(error)
            }
        }
        return http.setup(channel: channel, logger: logger).map { connection in
            // A connection that is accepted while the server is cancelled is handed to nobody, and NIO ends the process
            // when one that nobody finished is deallocated. So it is kept until it is closed.
            channel.closeFuture.whenComplete { _ in withExtendedLifetime(connection) {} }
            connections.add(channel)
            return connection
        }
    }

    func handle(value: HTTP1Channel.Value, logger: Logger) async {
        await http.handle(value: value, logger: logger)
    }
}
