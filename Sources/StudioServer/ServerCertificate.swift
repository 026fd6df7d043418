import NIOSSL

/// What a simulated server shows to clients that speak TLS.
package struct ServerCertificate: Hashable, Sendable {
    /// A PEM file with the certificate, those that signed it behind it.
    package let certificateFile: String
    /// A PEM file with its private key.
    package let keyFile: String

    /// A certificate and its key.
    package init(certificateFile: String, keyFile: String) {
        self.certificateFile = certificateFile
        self.keyFile = keyFile
    }

    func context() throws(StudioServerError) -> NIOSSLContext {
        do {
            let chain = try NIOSSLCertificate.fromPEMFile(certificateFile).map {
                NIOSSLCertificateSource.certificate($0)
            }
            let key = try NIOSSLPrivateKey(file: keyFile, format: .pem)
            return try NIOSSLContext(
                configuration: .makeServerConfiguration(certificateChain: chain, privateKey: .privateKey(key)))
        } catch {
            throw StudioServerError(
                .badCertificate, "the certificate \(certificateFile) with the key \(keyFile) cannot be used: \(error)")
        }
    }
}
