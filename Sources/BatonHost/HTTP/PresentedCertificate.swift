import DataStudio
package import Foundation
import NIOCore
import NIOPosix
import NIOSSL
import NIOTLS
import SwiftASN1
import X509

/// The certificate a server shows, whether it is trusted or not.
package struct PresentedCertificate: Sendable {
    /// Whom it is for, as `CN=studio.example.com,O=Example`.
    package let subject: String
    /// Who signed it.
    package let issuer: String
    /// When it ceases to be valid.
    package let notAfter: Date
    /// What it is recognised by.
    package let fingerprint: CertificateFingerprint

    /// True if it signed itself, so that no authority can be asked about it.
    package var isSelfSigned: Bool { subject == issuer }

    /// - Parameter der: the certificate.
    init?(der: [UInt8]) {
        guard let certificate = try? Certificate(derEncoded: der) else { return nil }
        subject = certificate.subject.description
        issuer = certificate.issuer.description
        notAfter = certificate.notValidAfter
        fingerprint = CertificateFingerprint(of: der)
    }

    /// One clause for messages.
    package var summary: String {
        let signer = isSelfSigned ? "signed by itself" : "issued by \(issuer)"
        return "\(subject), \(signer), valid until \(Self.day(notAfter)), SHA-256 \(fingerprint)"
    }

    /// `2026-03-01`
    package static func day(_ date: Date) -> String {
        String(date.ISO8601Format().prefix(10))
    }

    /// Shakes hands with a server, sends nothing, and looks at what it shows. No proxy is used.
    ///
    /// - Returns: `nil` if there is no TLS at the other end, or nobody.
    package static func of(_ host: String, port: Int, timeout: Duration = .seconds(10)) async -> PresentedCertificate? {
        var settings = TLSConfiguration.makeClientConfiguration()
        // Safe: not a byte is sent over this connection.
        settings.certificateVerification = .none
        guard let context = try? NIOSSLContext(configuration: settings) else { return nil }
        let isAddress = (try? SocketAddress(ipAddress: host, port: port)) != nil
        let (certificates, found) = AsyncStream.makeStream(of: [UInt8]?.self)
        let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(.milliseconds(timeout.milliseconds))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        NIOSSLClientHandler(context: context, serverHostname: isAddress ? nil : host))
                    try channel.pipeline.syncOperations.addHandler(HandshakeObserver(found: found))
                }
            }
        guard let channel = try? await bootstrap.connect(host: host, port: port).get() else { return nil }
        let deadline = channel.eventLoop.scheduleTask(in: .milliseconds(timeout.milliseconds)) { found.yield(nil) }
        var der: [UInt8]?
        for await certificate in certificates {
            der = certificate
            break
        }
        deadline.cancel()
        try? await channel.close()
        return der.flatMap { PresentedCertificate(der: $0) }
    }

    private final class HandshakeObserver: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let found: AsyncStream<[UInt8]?>.Continuation

        init(found: AsyncStream<[UInt8]?>.Continuation) {
            self.found = found
        }

        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            if case .handshakeCompleted? = event as? TLSUserEvent {
                let certificate = try? context.channel.pipeline.syncOperations.nioSSL_peerCertificate()
                found.yield(try? certificate?.toDERBytes())
            }
            context.fireUserInboundEventTriggered(event)
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            found.yield(nil)
            context.close(promise: nil)
        }

        func channelInactive(context: ChannelHandlerContext) {
            found.yield(nil)
        }
    }
}
