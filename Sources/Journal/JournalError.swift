/// A journal that cannot be used, and what to do about it.
package struct JournalError: Error, CustomStringConvertible {
    /// What is wrong, as a program tells it.
    package struct Code: Hashable, Sendable {
        /// In words without blanks.
        package let name: String

        /// The file is no journal, or is damaged.
        package static let damaged = Code(name: "damaged")
        /// A newer version of Baton wrote it.
        package static let newer = Code(name: "newer")
        /// An older version of Baton wrote it, and it is only to be read.
        package static let older = Code(name: "older")
        /// It, or its folder, cannot be written.
        package static let readOnly = Code(name: "read-only")
        /// There is no space left.
        package static let full = Code(name: "full")
        /// It lies on a network file system, whose locks cannot be trusted.
        package static let network = Code(name: "network")
        /// Another process did not let go of it in time.
        package static let busy = Code(name: "busy")
        /// Anything else.
        package static let failed = Code(name: "failed")
    }

    /// What is wrong.
    package let code: Code
    /// What happened and what to do, for a person.
    package let description: String
    /// The user that Baton has to be run as; `nil` if that would not help, or is not known.
    package let owner: String?

    init(_ code: Code, _ description: String, owner: String? = nil) {
        self.code = code
        self.description = description
        self.owner = owner
    }
}
