import Escaping
import Foundation

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The folder of a journal: the database, and beside it the locks.
package struct JournalFolder: Hashable, Sendable {
    /// Without a slash at the end.
    package let path: String

    /// A folder that may not be there yet.
    package init(_ path: String) {
        self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    }

    /// The database.
    package var database: String { path + "/baton.sqlite" }
    /// Locks of runs, lines, gates and slots: files that are locked while a process holds what they stand for.
    package var locks: String { path + "/locks" }
    /// How far the database had come when it was last written: what tells a restored one.
    var mark: String { path + "/mark" }
    /// When ``mark`` was last written.
    var markTime: String { path + "/mark.time" }

    /// True if a run was ever begun with it.
    package var isThere: Bool { [database, mark].contains(where: Self.mayExist) }

    /// A folder without permission to enter it may hold a journal: opening it reports the error.
    private static func mayExist(_ path: String) -> Bool {
        access(path, F_OK) == 0 || (errno != ENOENT && errno != ENOTDIR)
    }

    /// Makes what is missing, for its owner only.
    ///
    /// - Throws: ``JournalError`` for a folder on a network file system, one that cannot be written, and one whose database
    ///   is gone.
    func prepare() throws(JournalError) {
        guard Self.make(locks) else {
            throw JournalError(
                .readOnly, "the journal's folder \(path) cannot be made or opened: \(String(cString: strerror(errno)))",
                owner: owner)
        }
        try refuse()
        // SQLite gives its other files the mode of this one.
        let file = open(database, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else {
            throw JournalError(
                .readOnly, "the journal \(database) cannot be written: \(String(cString: strerror(errno)))",
                owner: owner)
        }
        close(file)
    }

    /// Nothing is made or changed.
    ///
    /// - Throws: ``JournalError`` for what is not used as a journal, not even to read it.
    func refuse() throws(JournalError) {
        try refuseOthers()
        try refuseNetwork()
        // An empty file is none either, unless all of it is in the WAL still. In this order: another process may move
        // it from there into the database meanwhile.
        if access(mark, F_OK) == 0, isEmpty {
            throw JournalError(
                .damaged,
                "the journal \(database) is gone, and \(mark) says that there was one. Restore it from a backup; or remove "
                    + "that file to begin with an empty journal: Baton knows nothing of earlier runs then, and may start "
                    + "again what they have started")
        }
        var information = stat()
        if lstat(database, &information) == 0, information.st_mode & S_IFMT == S_IFLNK {
            throw JournalError(
                .readOnly, "the journal \(database) is a link: set journal to the folder that it leads to")
        }
    }

    /// The user that Baton has to be run as, if that is another one.
    var owner: String? {
        guard let owner = SystemUser.owner(of: database), ![0, SystemUser.current].contains(owner) else { return nil }
        return SystemUser.name(of: owner)
    }

    /// True if nothing was ever written.
    var isEmpty: Bool { !hasLog && Self.size(database) == 0 }

    /// True if changes may not be in the database itself yet.
    var hasLog: Bool { Self.size(database + "-wal") > 0 }

    /// True if nobody can write the database where it is mounted here.
    var isOnReadOnlyFileSystem: Bool { access(path, W_OK) != 0 && errno == EROFS }

    /// The database as SQLite opens it without files beside it: only while nobody can write it.
    /// https://www.sqlite.org/uri.html#uriimmutable
    var immutableDatabase: String { URL(fileURLWithPath: database).absoluteString + "?immutable=1" }

    /// Makes a folder and those above it.
    ///
    /// - Returns: false if that fails; `errno` says why.
    private static func make(_ path: String) -> Bool {
        if mkdir(path, 0o700) == 0 || errno == EEXIST { return true }
        let parent = path.folderPath
        guard errno == ENOENT, !parent.isEmpty, parent != path, make(parent) else { return false }
        return mkdir(path, 0o700) == 0 || errno == EEXIST
    }

    /// The length of a file in bytes; 0 for none.
    private static func size(_ path: String) -> Int {
        var information = stat()
        return stat(path, &information) == 0 ? Int(information.st_size) : 0
    }

    /// Whoever can write the journal decides what is started: only its owner, root and a group that it is shared with.
    private func refuseOthers() throws(JournalError) {
        for path in [path, database] {
            var information = stat()
            guard stat(path, &information) == 0 else { continue }
            let isOurs = [0, geteuid()].contains(information.st_uid) || geteuid() == 0
            guard isOurs || information.st_mode & 0o020 != 0 else {
                let owner = SystemUser.name(of: information.st_uid)
                throw JournalError(.readOnly, "the journal \(path) belongs to the user \(owner)", owner: owner)
            }
            guard information.st_mode & 0o002 == 0 else {
                throw JournalError(
                    .readOnly, "everybody can write the journal \(path): run  chmod -R o-w \(self.path)")
            }
        }
    }

    /// Locks do not hold there, and what is synced may be lost.
    private func refuseNetwork() throws(JournalError) {
        guard let table = try? String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8) else { return }
        let real = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        guard let type = Self.fileSystem(of: real, in: table), Self.networks.contains(type) else { return }
        throw JournalError(
            .network,
            "the journal's folder \(path) is on a network file system (\(type)): its locks cannot be trusted. Set journal "
                + "to a folder on a local disk")
    }

    private static let networks: Set<String> = [
        "nfs", "nfs4", "cifs", "smb3", "smbfs", "ceph", "afs", "9p", "lustre", "gfs2", "ocfs2", "vboxsf", "fuse.sshfs",
        "fuse.glusterfs", "fuse.ceph", "fuse.s3fs", "davfs", "fuse.davfs2",
    ]

    /// The type of the file system that a path lies on, by the kernel's table of mounts (`man 5 proc`).
    static func fileSystem(of path: String, in table: String) -> String? {
        var best: (length: Int, type: String)?
        for line in table.split(separator: "\n") {
            let fields = line.split(separator: " ")
            guard fields.count > 5, let dash = fields.firstIndex(of: "-"), dash + 1 < fields.count else { continue }
            let point = String(fields[4]).replacing(bytes: "\\040", with: " ")
            let isAbove = point == "/" || path == point || path.hasPrefix(point + "/")
            // Of several mounts at one point the last is on top.
            if isAbove, point.count >= best?.length ?? 0 { best = (point.count, String(fields[dash + 1])) }
        }
        return best?.type
    }
}
