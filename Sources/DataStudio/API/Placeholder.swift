/// What may stand in braces in the paths and queries of an API description.
package enum Placeholder: String, CaseIterable, Hashable, Sendable {
    case jobId, label, page, offset, pageSize, createdAfter, createdAfterSeconds, createdAfterMilliseconds
    /// Only in the `authentication`, as is the key.
    case environment

    /// The placeholder as it is written.
    package var inBraces: String { "{\(rawValue)}" }
}
