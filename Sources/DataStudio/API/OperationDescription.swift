package import JSON

/// One operation of an API description.
package struct OperationDescription: Hashable, Sendable, Decodable {
    /// The HTTP method, in any case.
    package var method: String
    /// The path after the base, with `{jobId}` where the id goes.
    package var path: String
    /// Query items whose values may be `{page}`, `{pageSize}`, `{createdAfter}`, or fixed. An item whose placeholder has
    /// no value is left out.
    package var query: [String: String]?
    /// The server's names for what is sent.
    package var body: BodyNames?
    /// Without it, the id lies where a job has it, and a list is the whole reply.
    package var reply: ReplyFields?

    /// The names of the body of `executeWorkflow`. What has no name cannot be sent.
    package struct BodyNames: Hashable, Sendable, Decodable {
        /// The workflow's external label; the only name that has to be there.
        package var label: String
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
    }

    /// Where things lie in a reply.
    package struct ReplyFields: Hashable, Sendable, Decodable {
        /// Of `executeWorkflow`: the job's id.
        package var id: JSONPointer?
        /// Of a list: the array.
        package var list: JSONPointer?
        /// Of a list: how many pages there are. Without it there is one.
        package var pages: JSONPointer?
    }
}
