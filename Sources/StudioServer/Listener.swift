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
    /// Told when that begins and ends.
    let availability: AsyncStream<Bool>.Continuation

    /// Runs until it is cancelled. Then, and each time the server goes down, all connections are closed.
    ///
    /// - Throws: ``StudioServerError`` if it cannot listen.
    func run() async throws {
        var port = port
        // From the first time it is down on: nobody else may take the port meanwhile.
        var reserved: ReservedPort?
        defer { withExtendedLifetime(reserved) {} }
        var hasBegun = false
        while !Task.isCancelled {
            let (isDown, change) = studio.availability()
            if hasBegun, isDown {
                if reserved == nil { reserved = ReservedPort(port) }
                availability.yield(false)
                try await Task.sleep(for: change ?? .seconds(86_400))
                continue
            }
            // The same port when it is back.
            port = try await listen(on: port, begins: !hasBegun)
            hasBegun = true
        }
    }

    /// Accepts connections until the server goes down.
    ///
    /// - Parameter begins: the times of the scenario count from when it listens.
    /// - Returns: the port it listened on.
    private func listen(on port: Int, begins: Bool) async throws -> Int {
        let connections = OpenConnections()
        let (bound, isBound) = AsyncStream.makeStream(of: Int.self)
        let server = server(on: port, connections) { port in
            if begins { studio.begin() }
            isBound.yield(port)
            availability.yield(true)
            running.yield(port)
        }
        let result: Result<Int, any Error>
        do {
            let bound = try await withThrowingTaskGroup(of: Int?.self) { group in
                group.addTask {
                    do {
                        try await server.run()
                    } catch {
                        throw StudioServerError(listening: host, self.port, error)
                    }
                    return nil
                }
                group.addTask {
                    for await port in bound {
                        let (isDown, change) = studio.availability()
                        if !isDown { try await Task.sleep(for: change ?? .seconds(366 * 86_400)) }
                        return port
                    }
                    return nil
                }
                defer { group.cancelAll() }
                return try await group.next() ?? nil
            }
            result = .success(bound ?? port)
        } catch {
            result = .failure(error)
        }
        await connections.closeAll()
        return try result.get()
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
