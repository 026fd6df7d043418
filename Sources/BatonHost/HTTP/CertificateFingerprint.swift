import Crypto
import Foundation
import NIOSSL

/// The SHA-256 of a certificate, as browsers and `openssl x509 -fingerprint -sha256` show it.
package struct CertificateFingerprint: Hashable, Sendable, CustomStringConvertible {
    private let bytes: [UInt8]

    /// Reads 64 hexadecimal digits in any case, with or without colons or spaces; `nil` for anything else.
    package init?(_ text: String) {
        let digits = text.filter { $0 != ":" && !$0.isWhitespace }.compactMap(\.hexDigitValue)
        guard digits.count == 64, text.allSatisfy({ $0.isHexDigit || $0 == ":" || $0.isWhitespace }) else { return nil }
        bytes = stride(from: 0, to: 64, by: 2).map { UInt8(digits[$0] * 16 + digits[$0 + 1]) }
    }

    /// - Parameter certificate: in DER.
    init(of certificate: [UInt8]) {
        bytes = Array(SHA256.hash(data: certificate))
    }

    init?(of certificate: NIOSSLCertificate) {
        guard let bytes = try? certificate.toDERBytes() else { return nil }
        self.init(of: bytes)
    }

    /// `AB:CD:…`
    package var description: String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined(separator: ":")
    }
}
