import AsyncHTTPClient
import Foundation
import NIOCore
import NIOPosix
import NIOSSL

/// What went wrong with a request, in a few words.
enum TransportReason {
    /// Took longer than it may.
    struct TookTooLong: Error {}

    /// Never the error's own text where it may quote a header: one of them is the key.
    static func text(_ error: any Error) -> String {
        switch error {
        case _ where isOutOfDescriptors(error):
            return "this process has as many files and connections open as it may (ulimit -n)"
        case let error as NIOConnectionError:
            let isUnknown = error.connectionErrors.isEmpty && (error.dnsAError != nil || error.dnsAAAAError != nil)
            return isUnknown ? "the name \(error.host) is not known" : "the connection is refused"
        case let error as IOError where error.errnoCode == ECONNREFUSED: return "the connection is refused"
        case let error as IOError where [ENETUNREACH, EHOSTUNREACH].contains(error.errnoCode):
            return "there is no way to the host"
        case let error as IOError where error.errnoCode == ECONNRESET: return "the connection was reset"
        case let error as IOError where error.errnoCode == ETIMEDOUT: return "the network did not deliver the request"
        case let error as HTTPClientError: return text(error)
        case is ServerTrust.UnexpectedCertificate: return "the server shows another certificate than certificate_sha256"
        case is NIOSSLExtraError: return "the server's certificate is not for this name"
        case NIOSSLError.handshakeFailed where isAboutTrust(error): return "the server's certificate is not trusted"
        case NIOSSLError.handshakeFailed(let reason) where "\(reason)".contains("WRONG_VERSION_NUMBER"):
            return "what answers there does not speak TLS"
        case is NIOSSLError: return "the TLS connection failed: no TLS there, or a certificate that is not trusted"
        case let error as Secrets.Withheld: return error.message
        case is StatusGuard.NoStatus: return "the answer is no HTTP: its status is not one from 100 to 999"
        case is NIOTooManyBytesError: return "the answer is larger than 16 MB"
        case is TookTooLong: return "no whole answer within the time allowed"
        case is CancellationError: return "it was cancelled"
        default: return "the connection broke (\(type(of: error)))"
        }
    }

    private static func isOutOfDescriptors(_ error: any Error) -> Bool {
        switch error {
        case let error as IOError: [EMFILE, ENFILE].contains(error.errnoCode)
        case let error as NIOConnectionError:
            error.connectionErrors.contains { isOutOfDescriptors($0.error) }
                || [error.dnsAError, error.dnsAAAAError].contains { $0.map { isOutOfDescriptors($0) } ?? false }
        default: false
        }
    }

    private static func text(_ error: HTTPClientError) -> String {
        switch error {
        case .connectTimeout, .getConnectionFromPoolTimeout: "no connection within the time allowed"
        case .remoteConnectionClosed: "the server closed the connection without an answer"
        case .readTimeout, .deadlineExceeded: "no answer within the time allowed"
        case .tlsHandshakeTimeout: "no TLS connection within the time allowed"
        case .proxyAuthenticationRequired: "the proxy wants a password: HTTPS_PROXY=http://user:password@proxy:port"
        case .httpProxyHandshakeTimeout: "the proxy does not answer"
        default: "the request failed: \(error.shortDescription)"
        }
    }

    /// True if the request has certainly not been sent.
    static func isUnsent(_ error: any Error) -> Bool {
        switch error {
        case let error as IOError: [ECONNREFUSED, ENETUNREACH, EHOSTUNREACH, EMFILE, ENFILE].contains(error.errnoCode)
        // Later in a connection TLS may fail as well.
        case NIOSSLError.handshakeFailed: true
        case is NIOConnectionError, is NIOSSLExtraError, is ConfigurationError, is Secrets.Withheld: true
        case let error as HTTPClientError:
            [
                .connectTimeout, .getConnectionFromPoolTimeout, .tlsHandshakeTimeout, .proxyAuthenticationRequired,
                .httpProxyHandshakeTimeout, .invalidURL, .emptyHost, .emptyScheme,
            ].contains(error)
        default: false
        }
    }

    /// True if the certificate is signed by somebody who is not trusted here.
    static func isAboutTrust(_ error: any Error) -> Bool {
        guard case NIOSSLError.handshakeFailed(let reason) = error else { return false }
        return "\(reason)".contains("CERTIFICATE_VERIFY_FAILED")
    }

    /// True if a better answer to what is wrong is in the certificate.
    static func isAboutCertificate(_ error: any Error) -> Bool {
        error is NIOSSLError || error is NIOSSLExtraError || error is ServerTrust.UnexpectedCertificate
    }
}
