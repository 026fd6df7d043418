/// A file that a pattern matches.
package struct FoundFile: Hashable, Sendable {
    /// From the root on.
    package var path: String
    /// Its size and time.
    package var status: FileStatus

    /// A file with its path.
    package init(path: String, status: FileStatus) {
        self.path = path
        self.status = status
    }

    /// Those of some files that a pattern matches, by path.
    ///
    /// - Returns: `nil` if there are more than `limit`.
    package static func matching(
        _ pattern: PathPattern, limit: Int, among files: [String: FileStatus]
    ) -> [FoundFile]? {
        let found = files.filter { pattern.matches($0.key) }.map { FoundFile(path: $0.key, status: $0.value) }
        return found.count > limit ? nil : found.sorted()
    }
}

extension FoundFile: Comparable {
    /// By the bytes of their paths.
    package static func < (a: FoundFile, b: FoundFile) -> Bool {
        a.path.utf8.lexicographicallyPrecedes(b.path.utf8)
    }
}

extension Answer {
    /// The answer of `file.list` where more files match than were asked for.
    package static func tooManyFiles(_ limit: Int, _ pattern: String) -> Answer {
        .failed(
            StepFailure(
                kind: .rejected,
                message: "more than \(limit) files match \(pattern): name fewer, or give another limit"))
    }
}
