import NIOCore
import NIOHTTP1

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// The socket of a start: what is written to it arrives within seconds, or never.
///
/// Without these options the kernel repeats what the other side has not acknowledged for up to 15 minutes, even when the
/// process is dead. A start that arrives so late is a second one: its step has been started again meanwhile.
enum StartSocket {
    /// There was a connection, and it ended before the start was written to it.
    struct EndedUnused: Error {}

    /// How long the kernel tries to deliver what was written, in milliseconds. It looks at the time only when it sends
    /// again, so the error comes up to 0.7 s later. While everything is acknowledged no time counts: a server may take as
    /// long for its answer as it likes.
    private static let deliveryTime = 5000

    /// Sets the options on a connection over which nothing of the start has been written.
    ///
    /// - Returns: false if one of them could not be set: what is written may arrive at any time then.
    static func bind(_ channel: any Channel) -> EventLoopFuture<Bool> {
        #if os(Linux)
        let isTimed =
            channel.setOption(
                .tcpOption(NIOBSDSocket.Option(rawValue: TCP_USER_TIMEOUT)), value: SocketOptionValue(deliveryTime)
            ).map { true }.recover { _ in false }
        #else
        let isTimed = channel.eventLoop.makeSucceededFuture(false)
        #endif
        // A process that dies closes its sockets: this one with a reset, which discards what was not delivered.
        let resets = setReset(true, on: channel).map { true }.recover { _ in false }
        return isTimed.and(resets).map { results in
            // Without this handler a complete answer is followed by a reset as well, which changes nothing for the start.
            try? channel.addBeforeClient(AnsweredHandler())
            return results.0 && results.1
        }
    }

    /// Decides whether closing the socket resets the connection, or ends it after what was written has been delivered.
    @discardableResult
    fileprivate static func setReset(_ resets: Bool, on channel: any Channel) -> EventLoopFuture<Void> {
        guard let socket = channel as? any SocketOptionProvider else {
            return channel.eventLoop.makeFailedFuture(ChannelError.operationUnsupported)
        }
        return socket.setSoLinger(linger(l_onoff: resets ? 1 : 0, l_linger: 0))
    }
}

/// Has the connection of a start end in the ordinary way once the whole answer is there: a reset would look like a fault
/// to the server.
private final class AnsweredHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias InboundOut = HTTPClientResponsePart

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        // On the channel's event loop the option is set when the call returns.
        if case .end = unwrapInboundIn(data) { StartSocket.setReset(false, on: context.channel) }
        context.fireChannelRead(data)
    }
}
