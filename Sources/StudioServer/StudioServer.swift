package import DataStudio
import HummingbirdCore
package import JSON
import Logging
import NIOCore
import NIOPosix
package import SimulatedStudio

/// A simulated Data Studio on a real socket: HTTP/1.1 without TLS.
package struct StudioServer: Sendable {
    /// The address it was told to listen on.
    package let host: String
    /// The port it listens on.
    package let port: Int
    private let studio: SharedStudio

    /// Where clients find it, as `http://127.0.0.1:41234`, without a slash at the end.
    package var baseURL: String {
        // An IPv6 address has colons of its own.
        host.contains(":") ? "http://[\(host)]:\(port)" : "http://\(host):\(port)"
    }

    /// The requests so far, oldest first; see `SimulatedStudio.log`.
    package var log: [StudioLogEntry] { studio.log }

    /// All jobs as they are now, oldest first.
    package func jobs() -> [Job] { studio.jobs() }

    /// One record for each job as it is now; see `SimulatedStudio.jobLog(at:)`.
    package func jobLog() -> [JSON] { studio.jobLog() }

    /// Runs a server for as long as the body takes.
    ///
    /// When the body ends, all connections are closed at once, idle ones and those with a request under way.
    ///
    /// - Parameters:
    ///   - host: a name or an address of this machine; `0.0.0.0` for all of them.
    ///   - port: 0 for one that is free.
    ///   - log: called for each request, one at a time and in order, before its answer is sent. It must not ask the
    ///     server for anything.
    ///   - body: begins when connections are accepted.
    /// - Throws: ``StudioServerError`` if it cannot listen, and what the body throws.
    package static func withServer<R>(
        scenario: Scenario, host: String = "127.0.0.1", port: Int = 0,
        log: (@Sendable (StudioLogEntry) -> Void)? = nil, _ body: (StudioServer) async throws -> R
    ) async throws -> R {
        guard (0...65_535).contains(port) else {
            throw StudioServerError(.cannotListen, "\(port) is not a port: ports are 0 to 65535")
        }
        let studio = SharedStudio(
            SimulatedStudio(
                scenario: scenario, description: try SimulatedStudio.description(for: scenario),
                seed: .random(in: .min ... .max)),
            observer: log)
        let connections = OpenConnections()
        let (ports, running) = AsyncStream.makeStream(of: Int.self)
        let server = server(host: host, port: port, studio, connections) { running.yield($0) }
        let result: Result<R, any Error>
        do {
            let value = try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    defer { running.finish() }
                    do {
                        try await server.run()
                    } catch {
                        throw StudioServerError(listening: host, port, error)
                    }
                }
                for await port in ports {
                    let value = try await body(StudioServer(host: host, port: port, studio: studio))
                    group.cancelAll()
                    return value
                }
                // It ended before it began: by an error, or because all of this was cancelled.
                try await group.waitForAll()
                throw CancellationError()
            }
            result = .success(value)
        } catch {
            result = .failure(error)
        }
        await connections.closeAll()
        return try result.get()
    }

    /// A server that is not yet running.
    private static func server(
        host: String, port: Int, _ studio: SharedStudio, _ connections: OpenConnections,
        onRunning: @escaping @Sendable (Int) -> Void
    ) -> Server<TrackedHTTPChannel> {
        let responder = StudioResponder(studio: studio)
        let http = HTTP1Channel(responder: { request, writer, _ in try await responder.respond(to: request, writer) })
        return Server(
            childChannelSetup: TrackedHTTPChannel(http: http, connections: connections),
            configuration: ServerConfiguration(address: .hostname(host, port: port)),
            onServerRunning: { channel in onRunning(channel.localAddress?.port ?? port) },
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            logger: Logger(label: "studio-server", factory: { _ in SwiftLogNoOpLogHandler() })
        )
    }
}
