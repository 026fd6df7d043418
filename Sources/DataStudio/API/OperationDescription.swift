/// One operation of an API description.
package struct OperationDescription: Hashable, Sendable, Decodable {
    package var method: String
    /// The path after the base, with `{jobId}` where the id goes.
    package var path: String
    /// Query items whose values may be `{page}`, `{pageSize}`, `{createdAfter}`, or fixed. An item whose placeholder has
    /// no value is left out.
    package var query: [String: String]?
    /// The server's names for what is sent.
    package var body: BodyNames?
    package var reply: ReplyFields?

    /// The names of the body of `executeWorkflow`. What has no name cannot be sent.
    package struct BodyNames: Hashable, Sendable, Decodable {
        package var label: String
        package var space: String?
        package var version: String?
        package var dependencies: String?
        package var refresh: String?
        package var parameters: String?
        package var sources: String?
        package var source: String?
        package var dataset: String?
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
