import NIOCore

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// Why a simulated server could not be started.
package struct StudioServerError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind, for programs.
    package let code: Code
    /// What is wrong and what to do.
    package let message: String

    /// The message, as people are to read it.
    package var description: String { message }

    /// The kind of an error; there may be more in time.
    package struct Code: Hashable, Sendable {
        private let name: String

        /// Something else listens on the port.
        package static let portInUse = Code(name: "portInUse")
        /// The certificate or its key cannot be read, or they do not go together.
        package static let badCertificate = Code(name: "badCertificate")
        /// The address or the port cannot be listened on.
        package static let cannotListen = Code(name: "cannotListen")
    }

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// Explains what binding threw.
    init(listening host: String, _ port: Int, _ error: any Error) {
        switch (error as? IOError)?.errnoCode {
        case EADDRINUSE:
            self.init(
                .portInUse,
                "port \(port) on \(host) is already in use: stop what listens there, or choose another port "
                    + "(0 takes a free one)"
            )
        case EACCES:
            self.init(
                .cannotListen, "port \(port) on \(host) is not allowed to this user: choose a port from 1024 on")
        case EADDRNOTAVAIL:
            self.init(.cannotListen, "\(host) is no address of this machine: use 127.0.0.1, or 0.0.0.0 for all")
        default:
            self.init(.cannotListen, "cannot listen on port \(port) of \(host): \(error)")
        }
    }
}
