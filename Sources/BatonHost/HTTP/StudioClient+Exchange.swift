import AsyncHTTPClient
import DataStudio
import Foundation
import HTTPTypes
import JSON
import Logging
import NIOCore
import NIOHTTP1

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

extension StudioClient {
    /// One request and its answer, within the time it may take.
    func exchange(
        _ request: StudioRequest, path: String, over client: HTTPClient, _ timeouts: ClientTimeouts,
        word: StartWord? = nil
    ) async throws -> StudioReply {
        // The limits of the HTTP client are about pieces of an answer; a server may send one byte at a time.
        try await withThrowingTaskGroup(of: StudioReply.self) { group in
            group.addTask { try await exchange(request, path: path, over: client) }
            group.addTask {
                // The time a start may take counts from when it may leave.
                await word?.decision()
                try await client.eventLoopGroup.any().sleep(for: timeouts.whole)
                throw TransportReason.TookTooLong()
            }
            defer { group.cancelAll() }
            guard let reply = try await group.next() else { throw CancellationError() }
            return reply
        }
    }

    private func exchange(
        _ request: StudioRequest, path: String, over client: HTTPClient
    ) async throws -> StudioReply {
        let key = sendsKey ? credentials.current : nil
        var message = HTTPClientRequest(url: configuration.url + path)
        message.method = HTTPMethod(rawValue: request.method.rawValue)
        message.headers.add(name: "Accept", value: "application/json")
        if request.operation.isStart { message.headers.add(name: "Connection", value: "close") }
        if let body = request.body {
            message.headers.add(name: "Content-Type", value: "application/json")
            message.body = .bytes(ByteBuffer(string: body.jsonText))
        }
        logger.trace(
            "request",
            metadata: [
                "method": "\(message.method.rawValue)", "url": "\(message.url)", "key": "\(key?.description ?? "none")",
                "body": "\(request.body?.jsonText ?? "")",
            ])
        if !secrets.isEmpty {
            try secrets.check([path, request.body?.jsonText ?? ""], for: URL(string: configuration.url)?.host)
            message.url = configuration.url + secrets.revealed(inPath: path)
            if let body = request.body {
                message.body = .bytes(ByteBuffer(string: secrets.revealed(inJSON: body.jsonText)))
            }
        }
        if let key {
            // From here on the message holds the key: it is not logged, nor is what is thrown.
            message.headers.add(
                name: "Authorization",
                value: api.authorization(environment: configuration.environment, key: key.secret))
        }
        count.sent()
        let response: HTTPClientResponse
        do {
            response = try await client.execute(message, timeout: .hours(1))
        } catch {
            count.noteNoAnswer()
            throw error
        }
        count.noteAnswer(Int(response.status.code))
        let body = try await response.body.collect(upTo: Self.bodyLimit)
        let reply = reply(response, body, hiding: key)
        logger.trace(
            "reply",
            metadata: ["url": "\(configuration.url + path)", "status": "\(reply.status)", "body": "\(reply.excerpt)"])
        return reply
    }

    /// A server may repeat what it was sent: the key does not leave this function.
    private func reply(_ response: HTTPClientResponse, _ body: ByteBuffer, hiding key: APIKey?) -> StudioReply {
        func header(_ name: String) -> String? {
            response.headers.first(name: name).map { secrets.hidden(in: key?.hidden(in: $0) ?? $0) }
        }
        let bytes = Array(body.readableBytesView)
        let date = header("Date").flatMap { Timestamp(httpDate: $0) }
        return StudioReply(
            status: Int(response.status.code),
            retryAfter: header("Retry-After").flatMap { Self.retryAfter($0, date: date ?? .now) },
            location: header("Location"), date: date,
            body: secrets.hidden(in: key.map { APIKey.hidden($0, in: bytes) } ?? bytes))
    }

    /// `120`, or an HTTP date.
    private static func retryAfter(_ text: String, date: Timestamp) -> Duration? {
        if !text.isEmpty, text.allSatisfy({ $0.isASCII && $0.isNumber }) {
            return .seconds(min(Int64(text) ?? 86_400, 86_400))
        }
        return Timestamp(httpDate: text).map { max(.zero, $0 - date) }
    }
}
