import Escaping
import Foundation
import Journal
import SystemPackage

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// Reads files that have a say in what Baton does, and that nobody else may have written.
///
/// A configuration runs programs, and is looked for in every folder above the script: what somebody has put into a folder
/// that all may write to must not count. The rules are those of git's `safe.directory` and ssh's `StrictModes`.
enum TrustedFile {
    /// Why a file is not used, and what to do.
    struct Distrust: Error, CustomStringConvertible {
        let description: String
        /// The user to whom the file belongs, where this process is root's: who can do what root may not.
        var owner: String?
    }

    /// The system's reason why a file cannot be read.
    struct Unreadable: Error, CustomStringConvertible {
        let number: Int32

        var isMissing: Bool { number == ENOENT }

        var description: String { String(cString: strerror(number)) }
    }

    /// Reads a file whose owner, and whose folders' owners, are the person or root, and that nobody else can write.
    ///
    /// - Throws: ``Distrust``, or ``Unreadable``.
    static func text(of path: String) throws -> String {
        let (text, status) = try contents(of: path)
        try check(status, path)
        // Whoever can write a folder can put another file or link into it: all of them count that lead to the file.
        var link = path
        for _ in 0..<40 {
            var folder = resolved(link.folderPath)
            while true {
                if let status = try? Stat(FilePath(folder)) { try check(status, folder) }
                guard folder != "/", !folder.isEmpty else { break }
                folder = folder.folderPath
            }
            guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: link) else { break }
            link = target.begins(with: "/") ? target : link.folderPath + "/" + target
        }
        return text
    }

    /// Reads a secret: a file that only its owner, and at most its group, may read. Links are followed, as Kubernetes and
    /// secret managers make them; what counts is the file behind them.
    static func secret(of path: String) throws -> String {
        let (text, status) = try contents(of: path)
        let real = resolved(path)
        guard trusted.contains(status.userID.rawValue) || status.permissions.contains(.groupRead) else {
            throw Distrust(
                description: "\(real) belongs to \(name(of: status.userID.rawValue)): use a file of your own")
        }
        let isShared = status.permissions.contains(.groupWrite) && !isOwnGroup(status)
        let command = "run  chmod \(isShared ? "g-w," : "")o= \(TextFormat.shell.escaped(real))"
        guard status.permissions.isDisjoint(with: .otherReadWriteExecute) else {
            let may = status.permissions.contains(.otherRead) ? "read" : "write"
            throw Distrust(
                description:
                    "everybody can \(may) the file \(real): \(command)  (of a Kubernetes secret set defaultMode to "
                    + "0440)")
        }
        guard !isShared else { throw Distrust(description: "others can write the file \(real): \(command)") }
        return text
    }

    /// No configuration and no secret is longer.
    private static let longest = 1 << 20

    /// The text of a regular file in UTF-8, whoever may have written it. What is read and what is looked at are one file: it is
    /// opened once.
    ///
    /// - Parameter longest: how many bytes it may have.
    /// - Throws: ``Distrust``, or ``Unreadable``.
    static func contents(of path: String, longest: Int = longest) throws -> (text: String, status: Stat) {
        // A pipe that nobody writes to would be waited for without end.
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { throw Unreadable(number: errno) }
        defer { close(file) }
        guard let status = try? Stat(FileDescriptor(rawValue: file)) else { throw Unreadable(number: EBADF) }
        guard status.type == .regular else {
            throw Distrust(description: "\(path) is no regular file")
        }
        guard status.size <= longest else { throw Distrust(description: "\(path) is larger than \(longest >> 20) MB") }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(file, &buffer, buffer.count)
            guard count >= 0 else { throw Unreadable(number: errno) }
            guard count > 0, bytes.count <= longest else { break }
            bytes += buffer[..<count]
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Distrust(description: "\(path) is not UTF-8")
        }
        return (text, status)
    }

    /// Throws ``Distrust`` for what may be somebody else's work.
    private static func check(_ status: Stat, _ path: String) throws {
        if let reason = reason(status, path) {
            let isOthers = !trusted.contains(status.userID.rawValue)
            throw Distrust(description: reason, owner: isOthers ? name(of: status.userID.rawValue) : nil)
        }
    }

    /// Why a file or folder may be somebody else's work; `nil`: it is not.
    private static func reason(_ status: Stat, _ path: String) -> String? {
        let isFolder = status.type == .directory
        guard trusted.contains(status.userID.rawValue) else {
            let owner = name(of: status.userID.rawValue)
            let me = name(of: geteuid())
            return "\(path) belongs to \(owner), and could run programs as \(me)"
        }
        // In a folder as /tmp nobody can replace what is another's.
        if isFolder, status.permissions.contains(.saveText) { return nil }
        if status.permissions.contains(.otherWrite) {
            return "everybody can write \(path): run  chmod go-w \(TextFormat.shell.escaped(path))"
        }
        if status.permissions.contains(.groupWrite), !isOwnGroup(status) {
            return "the group \(groupName(status.groupID.rawValue)) can write \(path): run  chmod g-w "
                + TextFormat.shell.escaped(path)
        }
        return nil
    }

    /// The person, root, whoever used sudo, and who is trusted besides.
    private static let trusted: Set<uid_t> = {
        let environment = ProcessInfo.processInfo.environment
        var users: Set<uid_t> = [0, geteuid()]
        if geteuid() == 0, let user = environment["SUDO_UID"].flatMap({ uid_t($0) }) { users.insert(user) }
        for name in environment["BATON_TRUSTED_USERS"]?.split(separator: ",") ?? [] {
            if let entry = getpwnam(String(name)) { users.insert(entry.pointee.pw_uid) }
        }
        return users
    }()

    /// True for a group of one person: on Debian each has one, of the same name, and may write what the person may.
    private static func isOwnGroup(_ status: Stat) -> Bool {
        status.groupID.rawValue == 0 || groupName(status.groupID.rawValue) == name(of: status.userID.rawValue)
    }

    private static func name(of user: uid_t) -> String { SystemUser.name(of: user) }

    private static func groupName(_ group: gid_t) -> String {
        getgrgid(group).map { String(cString: $0.pointee.gr_name) } ?? "\(group)"
    }

    private static func resolved(_ path: String) -> String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }
}
