import GRDB

/// Journals that are only read.
extension Journal {
    /// Opens a journal for a command that only reads it: nothing is made, updated or noted, and nobody who writes is in
    /// its way or waits for it.
    ///
    /// - Returns: `nil` if there is none, or if it is just being made.
    /// - Throws: ``JournalError``, also for a journal that an older version wrote and that is read differently.
    package static func look(
        at folder: JournalFolder, patience: BusyPatience = BusyPatience()
    ) throws(JournalError) -> Journal? {
        guard folder.isThere else { return nil }
        try folder.refuse()
        return try patience.whileBusy { () throws(JournalError) in try look(at: folder, patience) }
    }

    private static func look(at folder: JournalFolder, _ patience: BusyPatience) throws(JournalError) -> Journal? {
        do {
            let queue = try openToLook(folder)
            try refuseNewer(queue, folder)
            guard try queue.read(migrator.hasCompletedMigrations) else {
                // One that is just being made, or whose maker died, has no tables yet, or nothing in them.
                guard try !queue.read(migrator.appliedMigrations).isEmpty,
                    try queue.read({ try Bool.fetchOne($0, sql: "SELECT EXISTS (SELECT 1 FROM runs)") }) == true
                else {
                    return nil
                }
                throw JournalError(
                    .older,
                    "the journal \(folder.database) was written by an older version of Baton. To update it, run  baton "
                        + "doctor")
            }
            return Journal(queue, in: folder, patience)
        } catch let error as DatabaseError where error.extendedResultCode == .SQLITE_READONLY_ROLLBACK {
            // Its maker died before it had a log: from then on SQLite rolls nothing back.
            return nil
        } catch let error as JournalError {
            throw error
        } catch {
            throw JournalError(reading: error, folder)
        }
    }

    private static func openToLook(_ folder: JournalFolder) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = busyMode
        do {
            return try DatabaseQueue(path: folder.database, configuration: configuration)
        } catch let error as DatabaseError where error.resultCode == .SQLITE_CANTOPEN {
            // SQLite reads a database in WAL mode by files beside it, which cannot be made there. Without a log, the
            // database holds everything.
            guard folder.isOnReadOnlyFileSystem, !folder.hasLog else { throw error }
            return try DatabaseQueue(path: folder.immutableDatabase, configuration: configuration)
        }
    }
}

extension JournalError {
    /// What an error means for a person who only reads.
    fileprivate init(reading error: any Error, _ folder: JournalFolder) {
        guard let error = error as? DatabaseError,
            [.SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH].contains(error.resultCode)
        else {
            self.init(error, path: folder.database)
            return
        }
        let isReadOnly = folder.isOnReadOnlyFileSystem
        self.init(
            .readOnly,
            isReadOnly
                ? "the journal \(folder.database) is on a read-only file system, and its last changes are in "
                    + "baton.sqlite-wal: copy the folder \(folder.path) to another place, and set journal to the copy"
                : "the journal \(folder.database) cannot be read: SQLite needs to write the folder \(folder.path), "
                    + "whose owner must run Baton",
            owner: folder.owner)
    }
}
