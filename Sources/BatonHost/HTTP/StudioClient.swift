import AsyncHTTPClient
package import DataStudio
import Foundation
import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// The HTTP side of one server: sends requests with the key, and tells sent from unsent.
package struct StudioClient: Sendable {
    /// Builds the requests for this server and reads its replies.
    package let api: StudioAPI
    /// The server it was opened for.
    package let configuration: ServerConfiguration
    private let key: APIKey
    /// The end of the key, for messages.
    var keyDescription: String { key.description }
    /// Reads share a pool of connections.
    private let reads: HTTPClient
    /// Every start has a connection of its own, which is closed after it.
    private let starts: HTTPClient

    /// How many starts may be on their way at the same time.
    static let concurrentStarts = 64
    /// How long an answer may take from when the request has been sent.
    private static let answerTimeout = TimeAmount.seconds(60)
    /// How long a connection may take.
    private static let connectTimeout = TimeAmount.seconds(10)
    /// Bodies over this are refused.
    private static let bodyLimit = 16 << 20

    /// Opens a client; ``shutdown()`` must follow.
    ///
    /// - Throws: ``ConfigurationError`` when the key cannot be read.
    package init(_ configuration: ServerConfiguration) throws(ConfigurationError) {
        self.configuration = configuration
        key = try configuration.key.read()
        api = StudioAPI(configuration.api)
        var settings = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: .init(connect: Self.connectTimeout, read: Self.answerTimeout),
            connectionPool: .init(idleTimeout: .seconds(60), concurrentHTTP1ConnectionsPerHostSoftLimit: 8)
        )
        settings.httpVersion = .http1Only
        settings.connectionPool.retryConnectionEstablishment = false
        reads = HTTPClient(eventLoopGroupProvider: .singleton, configuration: settings)
        settings.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = Self.concurrentStarts
        settings.connectionPool.idleTimeout = .milliseconds(1)
        settings.maximumUsesPerConnection = 1
        starts = HTTPClient(eventLoopGroupProvider: .singleton, configuration: settings)
    }

    /// Closes all connections.
    package func shutdown() async {
        try? await reads.shutdown()
        try? await starts.shutdown()
    }

    /// Sends a request once and collects its answer.
    func send(_ request: StudioRequest) async throws(TransportError) -> StudioReply {
        let isStart = request.operation == .executeWorkflow
        var message = HTTPClientRequest(url: configuration.url + request.path)
        message.method = HTTPMethod(rawValue: request.method.rawValue)
        message.headers.add(name: "Accept", value: "application/json")
        message.headers.add(
            name: "Authorization", value: api.authorization(environment: configuration.environment, key: key.secret))
        if isStart { message.headers.add(name: "Connection", value: "close") }
        if let body = request.body {
            message.headers.add(name: "Content-Type", value: "application/json")
            message.body = .bytes(ByteBuffer(string: body.jsonText))
        }
        do {
            let client = isStart ? starts : reads
            let response = try await client.execute(message, timeout: .seconds(120))
            let body = try await response.body.collect(upTo: Self.bodyLimit)
            let retryAfter = response.headers.first(name: "Retry-After").flatMap { Int64($0) }.map {
                Duration.seconds($0)
            }
            return StudioReply(
                status: Int(response.status.code), retryAfter: retryAfter, body: Array(body.readableBytesView))
        } catch {
            throw Self.classify(error)
        }
    }

    /// Whether nothing can have been sent, and what went wrong.
    private static func classify(_ error: any Error) -> TransportError {
        func unsent(_ reason: String) -> TransportError { TransportError(isCertainlyUnsent: true, reason: reason) }
        func perhapsSent(_ reason: String) -> TransportError {
            TransportError(isCertainlyUnsent: false, reason: reason)
        }
        switch error {
        case let error as NIOConnectionError:
            let isUnknown = error.connectionErrors.isEmpty && (error.dnsAError != nil || error.dnsAAAAError != nil)
            return unsent(isUnknown ? "the name \(error.host) is not known" : "the connection is refused")
        case let error as IOError where error.errnoCode == ECONNREFUSED: return unsent("the connection is refused")
        case let error as IOError where [ENETUNREACH, EHOSTUNREACH].contains(error.errnoCode):
            return unsent("there is no way to the host")
        case let error as HTTPClientError where [.connectTimeout, .getConnectionFromPoolTimeout].contains(error):
            return unsent("no connection within the time allowed")
        case let error as HTTPClientError where error == .tlsHandshakeTimeout:
            return unsent("the TLS handshake took too long")
        case is NIOSSLExtraError: return unsent("the server's certificate does not fit: \(error)")
        case let error as NIOSSLError:
            if case .handshakeFailed = error { return unsent("the TLS handshake failed: \(error)") }
            return perhapsSent("the TLS connection broke: \(error)")
        case let error as HTTPClientError where error == .remoteConnectionClosed:
            return perhapsSent("the server closed the connection without an answer")
        case let error as HTTPClientError where [.readTimeout, .deadlineExceeded].contains(error):
            return perhapsSent("no answer within the time allowed")
        case is NIOTooManyBytesError: return perhapsSent("the answer is larger than 16 MB")
        default: return perhapsSent("the connection broke (\(error))")
        }
    }
}
