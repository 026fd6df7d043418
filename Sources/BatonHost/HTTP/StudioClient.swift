import AsyncHTTPClient
package import DataStudio
import Foundation
import HTTPTypes
import JSON
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
    /// The end of the key, for messages.
    let keyDescription: String
    /// The header's value: a secret.
    private let authorization: String
    /// Reads share a pool of connections.
    private let reads: HTTPClient
    /// Of clients, and so connections, that serve one start each.
    private let startSettings: HTTPClient.Configuration

    /// How many starts may be on their way at the same time.
    static let concurrentStarts = 64
    /// How long the answer to a start may take: after that it is in doubt.
    private static let startTimeout = TimeAmount.seconds(60)
    /// How long a connection may take.
    private static let connectTimeout = TimeAmount.seconds(10)
    /// Seconds. A server that wants more is not believed: no sum leaves the range of a duration.
    private static let longestRetryAfter: Int64 = 86_400
    /// Bodies over this are refused.
    private static let bodyLimit = 16 << 20

    /// Opens a client; ``shutdown()`` must follow.
    ///
    /// - Parameter patience: bounds how long the answer to a read may take, between one second and thirty.
    /// - Throws: ``ConfigurationError`` when the key cannot be read.
    package init(_ configuration: ServerConfiguration, patience: Duration) throws(ConfigurationError) {
        self.configuration = configuration
        let key = try configuration.key.read()
        keyDescription = key.description
        api = StudioAPI(configuration.api)
        authorization = api.authorization(environment: configuration.environment, key: key.secret)
        guard authorization.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }) else {
            throw ConfigurationError(
                "the environment's label or the API description's authentication holds a line break or another control "
                    + "character")
        }
        let readTimeout = TimeAmount.milliseconds(min(max(patience.milliseconds, 1000), 30_000))
        var settings = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: .init(connect: Self.connectTimeout, read: readTimeout),
            connectionPool: .init(idleTimeout: .seconds(60), concurrentHTTP1ConnectionsPerHostSoftLimit: 8)
        )
        settings.httpVersion = .http1Only
        settings.connectionPool.retryConnectionEstablishment = false
        reads = HTTPClient(eventLoopGroupProvider: .singleton, configuration: settings)
        settings.timeout.read = Self.startTimeout
        startSettings = settings
    }

    /// Closes all connections.
    package func shutdown() async {
        try? await reads.shutdown()
    }

    /// Sends a request once and collects its answer.
    ///
    /// - Throws: ``TransportError``; for a start it says whether anything can have been sent.
    func send(_ request: StudioRequest) async throws(TransportError) -> StudioReply {
        guard request.operation == .executeWorkflow else {
            do {
                return try await exchange(request, over: reads)
            } catch {
                throw TransportError(isCertainlyUnsent: false, reason: Self.reason(error))
            }
        }
        // A client of its own is a connection of its own, and tells whether there was one: without, nothing was sent.
        let connection = ConnectionNote()
        var settings = startSettings
        settings.http1_1ConnectionDebugInitializer = { channel in
            connection.note()
            return channel.eventLoop.makeSucceededVoidFuture()
        }
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: settings)
        let result: Result<StudioReply, TransportError>
        do {
            result = .success(try await exchange(request, over: client))
        } catch {
            result = .failure(TransportError(isCertainlyUnsent: !connection.isNoted, reason: Self.reason(error)))
        }
        try? await client.shutdown()
        return try result.get()
    }

    private func exchange(_ request: StudioRequest, over client: HTTPClient) async throws -> StudioReply {
        var message = HTTPClientRequest(url: configuration.url + request.path)
        message.method = HTTPMethod(rawValue: request.method.rawValue)
        message.headers.add(name: "Accept", value: "application/json")
        message.headers.add(name: "Authorization", value: authorization)
        if request.operation == .executeWorkflow { message.headers.add(name: "Connection", value: "close") }
        if let body = request.body {
            message.headers.add(name: "Content-Type", value: "application/json")
            message.body = .bytes(ByteBuffer(string: body.jsonText))
        }
        let response = try await client.execute(message, timeout: .seconds(120))
        let body = try await response.body.collect(upTo: Self.bodyLimit)
        let retryAfter = response.headers.first(name: "Retry-After").flatMap { Int64($0) }
        return StudioReply(
            status: Int(response.status.code),
            retryAfter: retryAfter.map { .seconds(min(max($0, 0), Self.longestRetryAfter)) },
            body: Array(body.readableBytesView))
    }

    /// What went wrong, in a few words. Never the error's own text where it may quote a header: one of them is the key.
    private static func reason(_ error: any Error) -> String {
        switch error {
        case let error as NIOConnectionError:
            let isUnknown = error.connectionErrors.isEmpty && (error.dnsAError != nil || error.dnsAAAAError != nil)
            return isUnknown ? "the name \(error.host) is not known" : "the connection is refused"
        case let error as IOError where error.errnoCode == ECONNREFUSED: return "the connection is refused"
        case let error as IOError where [ENETUNREACH, EHOSTUNREACH].contains(error.errnoCode):
            return "there is no way to the host"
        case let error as HTTPClientError where [.connectTimeout, .getConnectionFromPoolTimeout].contains(error):
            return "no connection within the time allowed"
        case let error as HTTPClientError where error == .remoteConnectionClosed:
            return "the server closed the connection without an answer"
        case let error as HTTPClientError where [.readTimeout, .deadlineExceeded].contains(error):
            return "no answer within the time allowed"
        case let error as HTTPClientError: return "the request failed: \(error.shortDescription)"
        case is NIOSSLExtraError: return "the server's certificate is not for this name"
        case is NIOSSLError: return "the TLS connection failed: no TLS there, or a certificate that is not trusted"
        case is NIOTooManyBytesError: return "the answer is larger than 16 MB"
        default: return "the connection broke (\(type(of: error)))"
        }
    }
}
