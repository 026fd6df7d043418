package import DataStudio

/// What a script can know of a file or folder.
package struct FileStatus: Hashable, Sendable {
    /// In bytes.
    package var size: Int64
    /// When its content last changed.
    package var modified: Timestamp

    /// The status of what lies there.
    package init(size: Int64, modified: Timestamp) {
        self.size = size
        self.modified = modified
    }
}
