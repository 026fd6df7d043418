#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The users of this machine.
package enum SystemUser {
    /// The user of this process.
    package static var current: UInt32 { geteuid() }

    /// A user's name; the number where there is none.
    package static func name(of user: UInt32) -> String {
        getpwuid(user).map { String(cString: $0.pointee.pw_name) } ?? "\(user)"
    }

    /// The owner of a file, a folder or a link, or of the first folder above it that can be looked at; `nil` without any.
    package static func owner(of path: String) -> UInt32? {
        var path = path
        var information = stat()
        while lstat(path, &information) != 0 {
            guard let slash = path.lastIndex(of: "/"), path != "/" else { return nil }
            path = slash == path.startIndex ? "/" : String(path[..<slash])
        }
        return information.st_uid
    }

    /// Makes root's process that user's for good, with that user's groups: what it opens, makes and changes from then on is
    /// what that user may, whatever links lie in the user's folders.
    ///
    /// - Returns: false if that fails, also for a user that this machine does not know.
    package static func become(_ user: UInt32) -> Bool {
        guard let entry = getpwuid(user) else { return false }
        let group = entry.pointee.pw_gid
        return initgroups(entry.pointee.pw_name, group) == 0 && setgid(group) == 0 && setuid(user) == 0
    }
}
