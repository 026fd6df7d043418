/// What may stand in braces in the paths and queries of an API description.
enum Placeholder: String, CaseIterable, Hashable {
    case jobId, page, pageSize, createdAfter, environment
}
