import AsyncHTTPClient
package import DataStudio
import Foundation
import HTTPTypes
import JSON
package import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
package import Orchestration

/// The HTTP side of one server: sends requests with the key, and tells sent from unsent.
package struct StudioClient: Sendable {
    /// Builds the requests for this server and reads its replies.
    package let api: StudioAPI
    /// The server it was opened for.
    package let configuration: ServerConfiguration
    let credentials: Credentials
    let logger: Logger
    let startTimeouts: ClientTimeouts
    let readTimeouts: ClientTimeouts
    /// Of the run it is opened for.
    let secrets: Secrets
    /// How many requests it has sent.
    package let count = RequestCount()
    /// False for what anybody may see.
    var sendsKey = true
    /// Reads share a pool of connections.
    private let reads: HTTPClient
    /// Of clients, and so connections, that serve one start each.
    private let startSettings: HTTPClient.Configuration

    /// Bodies over this are refused.
    static let bodyLimit = 16 << 20
    /// How many redirects are followed: only of reads, only to the same server.
    static let mostRedirects = 5

    /// Opens a client with the key that its settings lead to; ``shutdown()`` must follow.
    ///
    /// - Throws: ``ConfigurationError`` for settings that cannot be used, the key among them.
    package static func open(
        _ configuration: ServerConfiguration, patience: Duration, logger: Logger = StudioClient.silent,
        secrets: Secrets = .none, environment: [String: String] = ProcessInfo.processInfo.environment
    ) async throws(ConfigurationError) -> StudioClient {
        try StudioClient(
            configuration, key: try await configuration.key.read(), readTimeouts: .read(patience: patience),
            logger: logger, secrets: secrets, environment: environment)
    }

    /// Opens a client; ``shutdown()`` must follow.
    ///
    /// - Parameters:
    ///   - key: `nil` to send none.
    ///   - environment: where proxies are named.
    /// - Throws: ``ConfigurationError`` for settings that cannot be used.
    package init(
        _ configuration: ServerConfiguration, key: APIKey?, startTimeouts: ClientTimeouts = .start,
        readTimeouts: ClientTimeouts, logger: Logger = StudioClient.silent, secrets: Secrets = .none,
        environment: [String: String] = [:]
    ) throws(ConfigurationError) {
        self.configuration = configuration
        self.startTimeouts = startTimeouts
        self.readTimeouts = readTimeouts
        self.logger = logger
        self.secrets = secrets
        credentials = Credentials(key, from: configuration.key)
        api = StudioAPI(configuration.api)
        guard configuration.environment.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }) else {
            throw ConfigurationError("the environment's label holds a line break or another control character")
        }
        var settings = HTTPClient.Configuration(
            tlsConfiguration: try configuration.trust.configuration(),
            redirectConfiguration: .disallow,
            timeout: .init(connect: readTimeouts.connect.timeAmount, read: readTimeouts.silence.timeAmount),
            connectionPool: .init(idleTimeout: .seconds(60), concurrentHTTP1ConnectionsPerHostSoftLimit: 8)
        )
        settings.httpVersion = .http1Only
        settings.connectionPool.retryConnectionEstablishment = false
        if let url = URL(string: configuration.url), let proxy = try ProxySettings(for: url, environment: environment) {
            settings.proxy = proxy.configuration
        }
        let trust = configuration.trust
        settings.http1_1ConnectionDebugInitializer = { channel in
            StatusGuard.add(to: channel).flatMap { trust.check(channel) }
        }
        reads = HTTPClient(eventLoopGroupProvider: .singleton, configuration: settings)
        settings.timeout = .init(connect: startTimeouts.connect.timeAmount, read: startTimeouts.silence.timeAmount)
        startSettings = settings
    }

    /// Closes all connections.
    package func shutdown() async {
        try? await reads.shutdown()
    }

    /// A logger that writes nothing.
    package static let silent = Logger(label: "baton", factory: { _ in SwiftLogNoOpLogHandler() })

    /// What messages call the server and the key.
    package var identity: ServerIdentity {
        ServerIdentity(
            url: configuration.url, environment: configuration.environment,
            key: credentials.current?.description ?? "(none)", keySetting: configuration.key.setting("api_key_"))
    }

    /// Reads the key from where it came.
    ///
    /// - Returns: the end of the key, if it is another one than before.
    package func readKeyAgain() async -> String? {
        await credentials.readAgain() ? credentials.current?.description : nil
    }

    /// Opens a connection for a start, and sends it once the word is given: at most once.
    ///
    /// - Parameters:
    ///   - word: whether it is sent.
    ///   - opened: called when there is a connection; `isBounded` is false if the system could not be asked to deliver the
    ///     start within seconds or never.
    package func start(
        _ request: StudioRequest, _ word: StartWord, opened: @escaping @Sendable (_ isBounded: Bool) -> Void
    ) async -> ExchangeOutcome {
        // A client of its own is a connection of its own: what stands on it is this start and nothing else.
        var settings = startSettings
        let trust = configuration.trust
        settings.http1_1ConnectionDebugInitializer = { channel in
            Self.decision(on: channel, trust, word, opened: opened)
        }
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: settings)
        let outcome: ExchangeOutcome
        do {
            outcome = .reply(try await exchange(request, path: request.path, over: client, startTimeouts, word: word))
        } catch let error as Secrets.Withheld {
            outcome = .reply(error.refusal)
        } catch is StartSocket.EndedUnused {
            outcome = .unsent("the server closed the connection before the start was sent")
        } catch {
            let reason = await reason(error)
            outcome = word.hasGone ? .broken(reason) : .unsent(reason)
        }
        // A connection that still waits is closed.
        word.drop()
        try? await client.shutdown()
        return outcome
    }

    /// Prepares the connection of a start and waits for the word: the start is written when the future succeeds.
    private static func decision(
        on channel: any Channel, _ trust: ServerTrust, _ word: StartWord,
        opened: @escaping @Sendable (_ isBounded: Bool) -> Void
    ) -> EventLoopFuture<Void> {
        StartSocket.bind(channel).flatMap { isBounded -> EventLoopFuture<Void> in
            StatusGuard.add(to: channel).flatMap { trust.check(channel) }.flatMap { () -> EventLoopFuture<Void> in
                // It waits before anybody can give the word.
                let decision = word.wait(on: channel.eventLoop)
                opened(isBounded)
                return decision
            }
        }.flatMapThrowing { () throws -> Void in
            // The HTTP client gives a request to a connection that has ended meanwhile, and then its shutdown never returns.
            guard channel.isActive else { throw StartSocket.EndedUnused() }
        }.flatMapErrorThrowing { error throws -> Void in
            // The HTTP client does not close what it did not get. It must have learned of the failure before.
            channel.eventLoop.execute { channel.close(promise: nil) }
            throw error
        }
    }

    /// Sends a request once and collects its answer. Not for starts of workflows.
    package func send(_ request: StudioRequest) async -> ExchangeOutcome {
        guard request.operation.isStart else { return await read(request) }
        let word = StartWord()
        return await start(request, word) { _ in word.go() }
    }

    /// Sends a read; a redirect to the same server is followed.
    private func read(_ request: StudioRequest) async -> ExchangeOutcome {
        var path = request.path
        do {
            for _ in 0..<Self.mostRedirects {
                let reply = try await exchange(request, path: path, over: reads, readTimeouts)
                guard (300..<400).contains(reply.status), request.method == .get,
                    let next = Redirect.path(
                        from: configuration.url + path, to: reply.location, within: configuration.url)
                else { return .reply(reply) }
                path = next
            }
            return .broken("the server redirects more than \(Self.mostRedirects) times")
        } catch let error as Secrets.Withheld {
            return .reply(error.refusal)
        } catch {
            let reason = await reason(error)
            // What reads may not know: whether they were sent. It makes no difference to them.
            return .broken(reason)
        }
    }

    /// Gets something that is no operation, as a page of the documentation. Redirects to the same server are followed.
    ///
    /// - Parameter sendsKey: false for what anybody may see.
    package func get(_ path: String, sendsKey: Bool) async -> ExchangeOutcome {
        let request = StudioRequest(operation: .keyInformation, method: .get, path: path, body: nil)
        guard !sendsKey else { return await read(request) }
        var keyless = self
        keyless.sendsKey = false
        return await keyless.read(request)
    }

    /// What went wrong, with the certificate if that is what it is about.
    private func reason(_ error: any Error) async -> String {
        let text = TransportReason.text(error)
        guard TransportReason.isAboutCertificate(error), let url = URL(string: configuration.url), let host = url.host,
            let certificate = await PresentedCertificate.of(
                host, port: url.port ?? 443, timeout: readTimeouts.connect)
        else { return text }
        let cause =
            certificate.notAfter < Date()
            ? "it expired on \(PresentedCertificate.day(certificate.notAfter)): the server needs a new one"
            : "to trust it set ca_file to its authority's certificate, or certificate_sha256 to its fingerprint"
        // There is TLS, or there would be no certificate.
        let what = error is NIOSSLError ? "the server's certificate is not trusted" : text
        return "\(what); it shows \(certificate.summary); \(cause)"
    }
}

extension Duration {
    /// For NIO.
    var timeAmount: TimeAmount { .milliseconds(milliseconds) }
}
