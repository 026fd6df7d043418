package import JSON

/// One operation of an API description.
package struct OperationDescription: Hashable, Sendable {
    /// The HTTP method, in any case.
    package var method: String
    /// The path after the base, with `{jobId}` or `{label}` where the id or the external label goes.
    package var path: String
    /// Query items whose values may be a ``Placeholder`` in braces, or fixed. An item whose placeholder has no value is
    /// left out.
    package var query: [String: String] = [:]
    /// The number of the first page of a list, 0 or 1.
    package var firstPage = 0
    /// The largest `{pageSize}` the server takes; `nil` if it does not say.
    package var maxPageSize: Int?
    /// Of the list of jobs: true if it is known to show jobs that have not begun. Without that, a job that is not listed
    /// may still have been made.
    package var includesQueued = false
    /// The server's names for what is sent.
    package var body = BodyNames()
    /// Where things lie in what the server answers.
    package var reply = ReplyFields()

    /// An operation without query, body or places.
    package init(method: String, path: String) {
        self.method = method
        self.path = path
    }

    /// The names of a body. What has no name cannot be sent; if none has, no body is.
    package struct BodyNames: Hashable, Sendable {
        /// The external label of the workflow, dataset or schedule. It has to be here or in the path.
        package var label: String?
        /// The external label of the space.
        package var space: String?
        /// Which version of the workflow runs.
        package var version: String?
        /// Which version of what the workflow depends on is used.
        package var dependencies: String?
        /// Whether sources are read anew: a boolean.
        package var refresh: String?
        /// Workflow parameters: an object of strings.
        package var parameters: String?
        /// Replacements of sources: an array of objects with the three names that follow.
        package var sources: String?
        /// In a replacement: the label of the Source step.
        package var source: String?
        /// In a replacement: the external label of the dataset.
        package var dataset: String?
        /// In a replacement: an object from the step's column names to the dataset's.
        package var columns: String?

        /// Names for nothing.
        package init() {}
    }

    /// Where things lie in a reply.
    package struct ReplyFields: Hashable, Sendable {
        /// Of `executeWorkflow`: the job's id. Without it, where a job has it.
        package var id: JSONPointer?
        /// Of a job, dataset or key: the object. Without it the whole reply.
        package var object: JSONPointer?
        /// Of a list: the array. Without it the whole reply.
        package var list: JSONPointer?
        /// Of a list: how many pages there are.
        package var pages: JSONPointer?
        /// Of a list: how many entries there are on all pages.
        package var total: JSONPointer?
        /// Of a list: true if there are more pages.
        package var more: JSONPointer?
        /// Of a list: true if this is the last page.
        package var last: JSONPointer?

        /// No places.
        package init() {}
    }

    /// True if the server's list comes in pages.
    package var isPaged: Bool {
        query.values.contains { $0.holds(.page) || $0.holds(.offset) }
    }
}
