import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import NIOSSL

/// Listens while the simulation says that the server is up.
struct Listener: Sendable {
    let host: String
    let port: Int
    let tls: NIOSSLContext?
    let studio: SharedStudio
    /// Told the port each time connections are accepted.
    let running: AsyncStream<Int>.Continuation

    /// Runs until it is cancelled. Then, and each time the server goes down, all connections are closed.
    ///
    /// - Throws: ``StudioServerError`` if it cannot listen.
    func run() async throws {
        let (bound, isBound) = AsyncStream.makeStream(of: Int.self)
        var port = port
        while !Task.isCancelled {
            let (isDown, change) = studio.availability()
            if isDown {
                if let change { try await Task.sleep(for: change) } else { try await Task.sleep(for: .seconds(86_400)) }
                continue
            }
            try await listen(on: port, for: change, isBound)
            // The same port when it is back.
            if port == 0 {
                for await chosen in bound {
                    port = chosen
                    break
                }
            }
        }
    }

    /// Accepts connections for that long.
    private func listen(on port: Int, for time: Duration?, _ isBound: AsyncStream<Int>.Continuation) async throws {
        let connections = OpenConnections()
        let server = server(on: port, connections) { port in
            isBound.yield(port)
            running.yield(port)
        }
        let result: Result<Void, any Error>
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    do {
                        try await server.run()
                    } catch {
                        throw StudioServerError(listening: host, port, error)
                    }
                }
                if let time { group.addTask { try await Task.sleep(for: time) } }
                try await group.next()
                group.cancelAll()
            }
            result = .success(())
        } catch {
            result = .failure(error)
        }
        await connections.closeAll()
        try result.get()
    }

    /// A server that is not yet running.
    private func server(
        on port: Int, _ connections: OpenConnections, onRunning: @escaping @Sendable (Int) -> Void
    ) -> Server<TrackedHTTPChannel> {
        let responder = StudioResponder(studio: studio)
        let http = HTTP1Channel(responder: { request, writer, _ in try await responder.respond(to: request, writer) })
        return Server(
            childChannelSetup: TrackedHTTPChannel(http: http, connections: connections, tls: tls),
            configuration: ServerConfiguration(address: .hostname(host, port: port)),
            onServerRunning: { channel in onRunning(channel.localAddress?.port ?? port) },
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            logger: Logger(label: "studio-server", factory: { _ in SwiftLogNoOpLogHandler() })
        )
    }
}
