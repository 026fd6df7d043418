import NIOCore
import NIOHTTP1

/// Ends a connection whose answer has no status of HTTP: the HTTP client takes any number for one, and traps at some.
///
/// It stands between the decoder and the HTTP client.
final class StatusGuard: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias InboundOut = HTTPClientResponsePart

    /// The answer begins with a number that is no status.
    struct NoStatus: Error {}

    /// Adds one to a connection over which no answer has come.
    static func add(to channel: any Channel) -> EventLoopFuture<Void> {
        channel.eventLoop.submit { try channel.addBeforeClient(StatusGuard()) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head(let head) = unwrapInboundIn(data), !(100...999).contains(head.status.code) {
            context.fireErrorCaught(NoStatus())
            context.close(promise: nil)
            return
        }
        context.fireChannelRead(data)
    }
}

extension Channel {
    /// Adds a handler where it sees the answer before the HTTP client, which closes the connection at its end. On the channel's
    /// event loop.
    func addBeforeClient(_ handler: some ChannelInboundHandler) throws {
        let operations = pipeline.syncOperations
        let decoder = try operations.handler(type: ByteToMessageHandler<HTTPResponseDecoder>.self)
        try operations.addHandler(handler, position: .after(decoder))
    }
}
