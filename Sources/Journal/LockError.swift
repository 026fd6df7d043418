import Escaping

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
        var text = "the lock \(path) cannot be taken: \(String(cString: strerror(number)))"
        if number == EACCES, let owner = SystemUser.owner(of: path), owner != SystemUser.current {
            let user = SystemUser.name(of: SystemUser.current)
            text +=
                "; \(SystemUser.name(of: owner)) has made it: run  sudo chown \(user) \(TextFormat.shell.escaped(path))"
        }
        description = text
    }
}
