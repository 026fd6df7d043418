import DataStudio
import HTTPTypes
import HummingbirdCore
import NIOCore
import SimulatedStudio

/// Carries requests from a socket to the simulation and its replies back, as far as they are to arrive.
struct StudioResponder {
    let studio: SharedStudio

    /// Thrown to make the server close a connection where it is.
    private struct Dropped: Error {}

    // Concurrent, as all of the server is: the writer must not come from an actor.
    @concurrent
    func respond(to request: Request, _ writer: consuming ResponseWriter) async throws {
        let reply = try await reply(to: request)
        if reply.delay > .zero { try await Task.sleep(for: reply.delay) }
        guard reply.delivery != .nothing, reply.delivery != .refused else { throw Dropped() }
        let body = reply.body
        var fields: HTTPFields = [.contentLength: String(body.count)]
        if reply.hasDate { fields[.date] = studio.clock.httpDate }
        fields[.contentType] = reply.contentType
        fields[.location] = reply.location
        fields[.retryAfter] = reply.retryAfter.map(String.init)
        let head = HTTPResponse(status: .init(code: reply.status), headerFields: fields)
        let delivery = reply.delivery
        guard delivery != .complete else {
            // The answer to HEAD has the length of a body, but none.
            let sent = request.method == .head ? ByteBuffer() : ByteBuffer(bytes: body)
            return try await writer.write(response: head, body: ResponseBody(byteBuffer: sent))
        }
        try await writer.write(
            response: head,
            body: ResponseBody { writer in
                switch delivery {
                case .half: try await writer.write(ByteBuffer(bytes: body.prefix(body.count / 2)))
                case .trickle:
                    for byte in body {
                        try await writer.write(ByteBuffer(bytes: [byte]))
                        try await Task.sleep(for: .seconds(1))
                    }
                    return try await writer.finish(nil)
                default: break
                }
                throw Dropped()
            })
    }

    private func reply(to request: Request) async throws -> SimulatedReply {
        var simulated = SimulatedRequest(
            method: request.method.rawValue, path: request.head.path ?? "/",
            authorization: request.headers[.authorization])
        do {
            let body = try await request.body.collect(upTo: SimulatedStudio.bodyLimit)
            simulated.body = Array(body.readableBytesView)
        } catch is NIOTooManyBytesError {
            // What is left of the body is read and thrown away after the answer.
            simulated.isTooLong = true
        }
        return studio.handle(simulated)
    }
}
