import AsyncHTTPClient
import DataStudio
import Foundation
import NIOCore
import NIOHTTP1

/// A request to a server that is no Data Studio, over a connection of its own: such requests are rare, and a connection kept
/// by nobody is one more to go stale. Redirects are not followed.
enum OneRequest {
    /// What came back.
    struct Reply {
        let status: Int
        let headers: HTTPHeaders
        let body: [UInt8]
    }

    /// Bodies over this are refused.
    private static let largestBody = 16 << 20

    /// Sends it, by the proxy that the environment names for it.
    ///
    /// - Parameters:
    ///   - time: how long all of it may take.
    ///   - readsBody: false if only the status counts.
    static func send(
        _ request: HTTPClientRequest, within time: Duration, readsBody: Bool = true
    ) async throws -> Reply {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout = .init(connect: min(time, .seconds(10)).timeAmount, read: time.timeAmount)
        configuration.httpVersion = .http1Only
        configuration.connectionPool.retryConnectionEstablishment = false
        guard let url = URL(string: request.url), ["http", "https"].contains(url.scheme?.lowercased()),
            url.hasValidPort
        else {
            throw HTTPClientError.invalidURL
        }
        if let proxy = try ProxySettings(for: url, environment: ProcessInfo.processInfo.environment) {
            configuration.proxy = proxy.configuration
        }
        configuration.http1_1ConnectionDebugInitializer = { StatusGuard.add(to: $0) }
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        let result: Result<Reply, any Error>
        do {
            let response = try await client.execute(request, timeout: time.timeAmount)
            let body = readsBody ? try await response.body.collect(upTo: largestBody) : ByteBuffer()
            result = .success(
                Reply(status: Int(response.status.code), headers: response.headers, body: Array(body.readableBytesView))
            )
        } catch {
            result = .failure(error)
        }
        try? await client.shutdown()
        return try result.get()
    }
}
