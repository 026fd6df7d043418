import Journal

/// Who uses a journal.
enum JournalOwner {
    /// The user to whom a journal belongs that root is about to use; `nil` if it is root's own, or if this is not root.
    static func other(of folder: JournalFolder) -> UInt32? {
        guard SystemUser.current == 0, let owner = SystemUser.owner(of: folder.path), owner != 0 else { return nil }
        return owner
    }

    /// Makes a process of root's the process of the user to whom the journal belongs. What root would make there, that user
    /// could not open the next night; and what lies there, that user has put there.
    ///
    /// - Throws: ``Refusal`` if that fails.
    static func become(of folder: JournalFolder) throws(Refusal) {
        guard let owner = other(of: folder) else { return }
        guard SystemUser.become(owner) else {
            let name = SystemUser.name(of: owner)
            throw Refusal(
                lines: ["The journal \(folder.path) belongs to the user \(name)."] + OwnCommand.lines(as: name))
        }
    }
}
