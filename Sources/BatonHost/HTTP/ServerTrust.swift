import NIOCore
import NIOSSL

/// Which certificates of a server are trusted: those of the system's authorities, of a company's own, or one by its
/// fingerprint.
package struct ServerTrust: Sendable {
    /// A PEM file with authorities that are trusted besides the system's.
    package var caFile: String?
    /// The one certificate that is trusted, whoever signed it.
    package var fingerprint: CertificateFingerprint?

    /// The system's authorities, and what is given.
    package init(caFile: String? = nil, fingerprint: CertificateFingerprint? = nil) {
        self.caFile = caFile
        self.fingerprint = fingerprint
    }

    /// The certificate is not the one that is trusted.
    struct UnexpectedCertificate: Error {}

    /// - Throws: ``ConfigurationError`` for a file that cannot be used.
    func configuration() throws(ConfigurationError) -> TLSConfiguration {
        var settings = TLSConfiguration.makeClientConfiguration()
        if fingerprint != nil {
            // Safe: ``check(_:)`` compares the certificate before anything is sent over the connection.
            settings.certificateVerification = .none
        } else if let caFile {
            do {
                let certificates = try NIOSSLCertificate.fromPEMFile(caFile)
                guard !certificates.isEmpty else { throw NIOSSLError.failedToLoadCertificate }
                settings.additionalTrustRoots = [.certificates(certificates)]
            } catch {
                throw ConfigurationError(
                    "ca_file: \(caFile) cannot be read as certificates in PEM, which begin with -----BEGIN CERTIFICATE-----"
                )
            }
        }
        return settings
    }

    /// Looks at the certificate of a connection that has just been made, and closes it unless it is the right one.
    func check(_ channel: any Channel) -> EventLoopFuture<Void> {
        guard let fingerprint else { return channel.eventLoop.makeSucceededVoidFuture() }
        return channel.nioSSL_peerCertificate().flatMapThrowing { certificate in
            guard let certificate, CertificateFingerprint(of: certificate) == fingerprint else {
                channel.close(promise: nil)
                throw UnexpectedCertificate()
            }
        }
    }
}
