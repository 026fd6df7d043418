package import JSON

/// The language of one server, as data: paths, names and places that differ from release to release.
///
/// Written in YAML; `docs/api-description.md` explains every key. The one shipped is unverified.
package struct APIDescription: Hashable, Sendable {
    /// True once somebody has seen it work against a real server.
    package var verified = false
    /// What precedes every path, without a slash at the end; may be empty.
    package var base = ""
    /// The `Authorization` header with `{environment}` and `{key}` in it.
    package var authentication = "{environment} {key}"
    /// The zone of times that the server writes without one; `nil`: it is not known, and they are read as UTC.
    package var zone: ServerZone?
    /// What the server offers. An operation that is absent is unsupported.
    package var operations: [Operation: OperationDescription] = [:]
    /// Where things lie in an object that describes a job.
    package var job = JobFields()
    /// Where things lie in an entry of `listWorkflows`.
    package var workflow = WorkflowFields()
    /// Where things lie in an entry of `listSpaces`.
    package var space = SpaceFields()
    /// Where things lie in an object that describes a dataset.
    package var dataset = DatasetFields()
    /// Where things lie in what is told of the API key.
    package var key = KeyFields()
    /// Where things lie in the body of a refusal or a failure.
    package var error = ErrorFields()
    /// The server's names of states, of jobs and of datasets, compared without regard to case.
    package var states: [String: JobState] = [:]

    /// Where the fields of a job lie in its object.
    package struct JobFields: Hashable, Sendable {
        /// A string or a whole number; an object without one is no job.
        package var id = JSONPointer(tokens: ["id"])
        /// The external label of the job's workflow.
        package var label: JSONPointer?
        /// The server's name of the state, as `states` lists it; an object without one is no job.
        package var state = JSONPointer(tokens: ["state"])
        /// When the job was created; the forms are those of ``Timestamp/init(_:)-(JSON?)``.
        package var created: JSONPointer?
        /// When the job began to run, in the same forms.
        package var started: JSONPointer?
        /// When the job ended, in the same forms.
        package var finished: JSONPointer?
        /// The server's one message about the job.
        package var message: JSONPointer?
        /// Who started it.
        package var user: JSONPointer?
        /// The external label of its space.
        package var space: JSONPointer?
        /// The workflow parameters it was started with: an object.
        package var parameters: JSONPointer?
    }

    /// Where the fields of a workflow lie in its object.
    package struct WorkflowFields: Hashable, Sendable {
        /// The external label. An entry without one cannot be executed and is left out.
        package var label = JSONPointer(tokens: ["externalLabel"])
        /// The name people gave it.
        package var name: JSONPointer?
        /// The external label of its space.
        package var space: JSONPointer?
    }

    /// Where the fields of a space lie in its object.
    package struct SpaceFields: Hashable, Sendable {
        /// The external label. An entry without one is left out.
        package var label = JSONPointer(tokens: ["externalLabel"])
        /// The name people gave it.
        package var name: JSONPointer?
    }

    /// Where the fields of a dataset lie in its object.
    package struct DatasetFields: Hashable, Sendable {
        /// The external label.
        package var label: JSONPointer?
        /// The server's name of its load status, as `states` lists it.
        package var state: JSONPointer?
        /// When it was last loaded.
        package var refreshed: JSONPointer?

        /// Fields whose places are known; those left out are not.
        package init(label: JSONPointer? = nil, state: JSONPointer? = nil, refreshed: JSONPointer? = nil) {
            self.label = label
            self.state = state
            self.refreshed = refreshed
        }
    }

    /// Where the fields of the key's information lie.
    package struct KeyFields: Hashable, Sendable {
        /// Whose key it is.
        package var user: JSONPointer?
        /// When it expires.
        package var expires: JSONPointer?
    }

    /// Where the server's words lie in the body of an error.
    package struct ErrorFields: Hashable, Sendable {
        /// A string. Where there is none, the beginning of the body is shown.
        package var message = JSONPointer(tokens: ["message"])
    }

    /// A description of a server that offers nothing.
    package init() {}

    /// Reads a description.
    ///
    /// - Throws: all that is wrong with it at once, with places and lines; also what is not filled in.
    package init(yaml: String) throws(YAMLProblems) {
        self = try YAMLReader.document(yaml, "the API description", needs: "operations, job and states") {
            APIDescriptionReader.read(&$0, $1)
        }
    }

    /// The description shipped with Baton: unverified.
    package static func `default`() throws(YAMLProblems) -> APIDescription {
        try parsedDefault.get()
    }

    /// Read once in a process.
    private static let parsedDefault = Result<APIDescription, YAMLProblems> { () throws(YAMLProblems) in
        try APIDescription(yaml: String(decoding: PackageResources.default_api_yaml, as: UTF8.self))
    }
}
