import Escaping
import Foundation
import GRDB

extension JournalError {
    /// What an error of SQLite means for a person.
    init(_ error: any Error, path: String) {
        guard let error = error as? DatabaseError else {
            self.init(.failed, "the journal \(path): \(error)")
            return
        }
        switch error.resultCode {
        case .SQLITE_CORRUPT, .SQLITE_NOTADB:
            self.init(
                .damaged,
                "the journal \(path) is damaged (\(error.message ?? "not a database")). Nothing was changed. Keep the file, "
                    + "and restore a backup or move it away: runs that were not finished are then unknown to Baton")
        case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH:
            self.init(
                .readOnly,
                "the journal \(path) cannot be written: its folder and its files have to belong to the user who runs Baton",
                owner: JournalFolder(path.folderPath).owner)
        case .SQLITE_FULL: self.init(.full, "there is no space left for the journal \(path)")
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            self.init(.busy, "the journal \(path) is locked by \(LockHolder.words(writing: path))")
        default: self.init(.failed, "the journal \(path): \(error.message ?? "error \(error.resultCode.rawValue)")")
        }
    }
}
