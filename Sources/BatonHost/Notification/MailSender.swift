import Foundation
import NIOCore
import NIOPosix
import NIOSSL
import NIOTLS

/// Sends one message to a mail server: the driver of ``MailDialogue``.
enum MailSender {
    /// - Parameters:
    ///   - message: `nil` to see only whether the server would take one.
    ///   - password: of the user; `nil` to send without a login.
    ///   - patience: how long everything may take: the caller cancels it then. A connection that is being made cannot be
    ///     cancelled, so it may take a third of that.
    static func send(
        _ message: MailMessage?, _ settings: MailSettings, password: String?, by sender: Sender,
        within patience: Duration
    ) async -> Delivery {
        do {
            let tls =
                settings.encryption == .off ? nil : try NIOSSLContext(configuration: settings.trust.configuration())
            let login = settings.user.flatMap { user in
                password.map { MailDialogue.Login(user: user, password: $0) }
            }
            let dialogue = MailDialogue(message, host: sender.host, encryption: settings.encryption, login: login)
            let loop = MultiThreadedEventLoopGroup.singleton.any()
            let promise = loop.makePromise(of: Delivery.self)
            let channel: any Channel
            do {
                channel = try await ClientBootstrap(group: loop)
                    .connectTimeout(.nanoseconds(Int64(patience / .nanoseconds(3))))
                    .channelInitializer { channel in
                        channel.eventLoop.makeCompletedFuture {
                            let handler = MailHandler(dialogue, tls, host: settings.host, promise)
                            if settings.encryption == .implicit { try handler.encrypt(channel) }
                            try channel.pipeline.syncOperations.addHandler(handler)
                        }
                    }
                    .connect(host: settings.host, port: settings.port).get()
            } catch {
                promise.fail(error)
                throw error
            }
            return try await withTaskCancellationHandler {
                try await promise.futureResult.get()
            } onCancel: {
                channel.close(promise: nil)
            }
        } catch let error as ConfigurationError {
            return .refused(error.description)
        } catch {
            let isUntrusted = TransportReason.isAboutTrust(error)
            return .again(
                "mail server \(settings.host): \(TransportReason.text(error))"
                    + (isUntrusted ? ": notify.smtp.ca_file names the authority that signed it" : ""))
        }
    }
}

/// Lines of the server to the dialogue, and its actions to the connection.
private final class MailHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private var dialogue: MailDialogue
    private let tls: NIOSSLContext?
    private let host: String
    private let promise: EventLoopPromise<Delivery>
    /// What has come of the next line.
    private var pending: [UInt8] = []

    /// RFC 5321 allows 512 bytes; some servers take more.
    private static let longestLine = 8192

    init(_ dialogue: MailDialogue, _ tls: NIOSSLContext?, host: String, _ promise: EventLoopPromise<Delivery>) {
        self.dialogue = dialogue
        self.tls = tls
        self.host = host
        self.promise = promise
    }

    /// From here on what is sent is encrypted; the server's certificate must be for its name.
    func encrypt(_ channel: any Channel) throws {
        guard let tls else { return }
        let isAddress = (try? SocketAddress(ipAddress: host, port: 0)) != nil
        let handler = try NIOSSLClientHandler(context: tls, serverHostname: isAddress ? nil : host)
        try channel.pipeline.syncOperations.addHandler(handler, position: .first)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var buffer = unwrapInboundIn(data)
        for byte in buffer.readBytes(length: buffer.readableBytes) ?? [] {
            guard byte == 10 else {
                pending.append(byte)
                if pending.count > Self.longestLine {
                    return finish(.refused("what answers there is no mail server"), context)
                }
                continue
            }
            if pending.last == 13 { pending.removeLast() }
            let line = String(decoding: pending, as: UTF8.self)
            pending = []
            perform(dialogue.receive(line), context)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case TLSUserEvent.handshakeCompleted = event {
            // Whatever came in clear behind the answer to STARTTLS, also half a line, is of somebody else: RFC 3207, 6.
            if !pending.isEmpty { perform(dialogue.receive(""), context) }
            perform(dialogue.secured(), context)
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        perform(dialogue.closed(), context)
        promise.fail(ChannelError.eof)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        promise.fail(error)
        context.close(promise: nil)
    }

    private func perform(_ actions: [MailDialogue.Action], _ context: ChannelHandlerContext) {
        for action in actions {
            switch action {
            case .send(let bytes):
                context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
            case .encrypt:
                do {
                    try encrypt(context.channel)
                } catch {
                    errorCaught(context: context, error: error)
                }
            case .finish(let delivery): finish(delivery, context)
            }
        }
    }

    private func finish(_ delivery: Delivery, _ context: ChannelHandlerContext) {
        promise.succeed(delivery)
        context.close(promise: nil)
    }
}
