package import DataStudio
import HummingbirdCore
package import JSON
import Logging
import NIOCore
import NIOPosix
import NIOSSL
package import SimulatedStudio

/// A simulated Data Studio on a real socket: HTTP/1.1, with or without TLS.
package struct StudioServer: Sendable {
    /// The address it was told to listen on.
    package let host: String
    /// The port it listens on.
    package let port: Int
    /// Each time it begins to listen, which is true, and to be down: for one reader.
    package let availability: AsyncStream<Bool>
    private let isSecure: Bool
    private let studio: SharedStudio

    /// Where clients find it, as `http://127.0.0.1:41234`, without a slash at the end.
    package var baseURL: String {
        let scheme = isSecure ? "https" : "http"
        // An IPv6 address has colons of its own.
        return host.contains(":") ? "\(scheme)://[\(host)]:\(port)" : "\(scheme)://\(host):\(port)"
    }

    /// The requests so far, oldest first; see `SimulatedStudio.log`.
    package var log: [StudioLogEntry] { studio.log }

    /// All jobs as they are now, oldest first.
    package func jobs() -> [Job] { studio.jobs() }

    /// One record for each job as it is now; see `SimulatedStudio.jobLog(at:)`.
    package func jobLog() -> [JSON] { studio.jobLog() }

    /// Runs a server for as long as the body takes.
    ///
    /// While the scenario has it down, nobody listens on its port. When the body ends, all connections are closed at
    /// once, idle ones and those with a request under way.
    ///
    /// - Parameters:
    ///   - description: what it speaks; `nil`: what the scenario makes of the default one.
    ///   - document: what it publishes; `nil`: what follows from the description.
    ///   - host: a name or an address of this machine; `0.0.0.0` for all of them.
    ///   - port: 0 for one that is free.
    ///   - certificate: for TLS.
    ///   - log: called for each request, one at a time and in order, before its answer is sent. It must not ask the
    ///     server for anything.
    ///   - body: begins when connections are accepted.
    /// - Throws: ``StudioServerError`` if it cannot listen or use the certificate, and what the body throws.
    package static func withServer<R>(
        scenario: Scenario, description: APIDescription? = nil, document: PublishedDocument? = nil,
        host: String = "127.0.0.1", port: Int = 0, certificate: ServerCertificate? = nil,
        log: (@Sendable (StudioLogEntry) -> Void)? = nil, _ body: (StudioServer) async throws -> R
    ) async throws -> R {
        guard (0...65_535).contains(port) else {
            throw StudioServerError(.cannotListen, "\(port) is not a port: ports are 0 to 65535")
        }
        let studio = SharedStudio(
            SimulatedStudio(
                scenario: scenario, description: try description ?? SimulatedStudio.description(for: scenario),
                document: document, seed: .random(in: .min ... .max), began: .now),
            observer: log)
        let (ports, running) = AsyncStream.makeStream(of: Int.self)
        let (availability, changes) = AsyncStream.makeStream(of: Bool.self)
        let listener = Listener(
            host: host, port: port, tls: try certificate?.context(), studio: studio, running: running,
            availability: changes)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { running.finish() }
                try await listener.run()
            }
            var value: R?
            for await port in ports where value == nil {
                let server = StudioServer(
                    host: host, port: port, availability: availability, isSecure: certificate != nil, studio: studio)
                let result: Result<R, any Error>
                do {
                    result = .success(try await body(server))
                } catch {
                    result = .failure(error)
                }
                group.cancelAll()
                // It closes its connections before it ends.
                try? await group.waitForAll()
                value = try result.get()
            }
            if let value { return value }
            // It ended before it began: by an error, or because all of this was cancelled.
            try await group.waitForAll()
            throw CancellationError()
        }
    }
}
