import Crypto
import Foundation
import NIOSSL
import SwiftASN1
import X509

/// A certificate made for one test.
struct TestCertificate {
    let pem: String
    let keyPEM: String
    /// What `openssl x509 -fingerprint -sha256` would say.
    let fingerprint: String

    /// - Parameters:
    ///   - host: the one name it is good for; an address where it is one.
    ///   - days: how long it is valid; negative for one that expired so long ago.
    init(host: String, days: Int = 365) throws {
        let key = P256.Signing.PrivateKey()
        let certificateKey = Certificate.PrivateKey(key)
        let name = try DistinguishedName { CommonName(host) }
        let end = Date(timeIntervalSinceNow: Double(days) * 86_400)
        let names: [GeneralName] =
            host == "127.0.0.1" ? [.ipAddress(ASN1OctetString(contentBytes: [127, 0, 0, 1]))] : [.dnsName(host)]
        let certificate = try Certificate(
            version: .v3, serialNumber: .init(), publicKey: certificateKey.publicKey,
            notValidBefore: min(Date(timeIntervalSinceNow: -86_400), end.addingTimeInterval(-86_400)),
            notValidAfter: end,
            issuer: name, subject: name, signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil))
                SubjectAlternativeNames(names)
            }, issuerPrivateKey: certificateKey)
        var serializer = DER.Serializer()
        try serializer.serialize(certificate)
        pem = try certificate.serializeAsPEM().pemString
        keyPEM = key.pemRepresentation
        fingerprint = SHA256.hash(data: serializer.serializedBytes).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }.joined(separator: ":")
    }

    func context() throws -> NIOSSLContext {
        let certificate = try NIOSSLCertificate(bytes: Array(pem.utf8), format: .pem)
        let key = try NIOSSLPrivateKey(bytes: Array(keyPEM.utf8), format: .pem)
        return try NIOSSLContext(
            configuration: .makeServerConfiguration(
                certificateChain: [.certificate(certificate)], privateKey: .privateKey(key)))
    }
}
