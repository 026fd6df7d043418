import DataStudio
import HTTPTypes
import HummingbirdCore
import NIOCore
import SimulatedStudio

/// Carries requests from a socket to the simulation and its replies back.
struct StudioResponder {
    let studio: SharedStudio

    /// Thrown to make the server close a connection without a byte.
    private struct Dropped: Error {}

    // Concurrent, as all of the server is: the writer must not come from an actor.
    @concurrent
    func respond(to request: Request, _ writer: consuming ResponseWriter) async throws {
        let reply = try await reply(to: request)
        guard let status = reply.status else { throw Dropped() }
        let body = reply.body
        var fields: HTTPFields = [.contentLength: String(body.count)]
        fields[.contentType] = reply.contentType
        if case .redirect(let path) = reply { fields[.location] = path }
        let head = HTTPResponse(status: .init(code: status), headerFields: fields)
        // The answer to HEAD has the length of a body, but none.
        let sent = request.method == .head ? ByteBuffer() : ByteBuffer(bytes: body)
        try await writer.write(response: head, body: ResponseBody(byteBuffer: sent))
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
