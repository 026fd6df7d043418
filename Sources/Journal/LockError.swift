#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A lock that can be neither taken nor found taken.
package struct LockError: Error, CustomStringConvertible {
    /// What happened, for a person.
    package let description: String

    init(_ path: String, _ number: Int32) {
        description = "the lock \(path) cannot be taken: \(String(cString: strerror(number)))"
    }
}
