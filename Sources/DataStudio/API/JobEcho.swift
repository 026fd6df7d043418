import JSON

/// What a server says of a job that tells whose it is.
package struct JobEcho: Hashable, Sendable {
    /// Who started it; `nil` if the server does not tell.
    package var user: String?
    /// The external label of its space.
    package var space: String?
    /// The workflow parameters it was started with; `nil` if the server does not tell.
    package var parameters: [WorkflowParameter]?

    /// What a server says; without arguments nothing.
    package init(user: String? = nil, space: String? = nil, parameters: [WorkflowParameter]? = nil) {
        self.user = user
        self.space = space
        self.parameters = parameters
    }
}

extension StudioAPI {
    /// What the server said of a job that tells whose it is.
    package func echo(of job: Job) -> JobEcho {
        let fields = description.job
        func text(_ pointer: JSONPointer?) -> String? { pointer.flatMap { job.details[pointer: $0]?.text } }
        let parameters = fields.parameters.flatMap { job.details[pointer: $0]?.members }
        return JobEcho(
            user: text(fields.user), space: text(fields.space),
            parameters: parameters?.map { WorkflowParameter(name: $0.name, value: $0.value.text ?? "") })
    }
}
