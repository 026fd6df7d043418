package import JSON
import Yams

/// The language of one server, as data: paths, names and places that differ from release to release.
///
/// Written in YAML; `docs/api-description.md` explains every key. The one shipped is unverified.
package struct APIDescription: Hashable, Sendable, Decodable {
    /// True once somebody has seen it work against a real server.
    package var verified: Bool
    /// What precedes every path, without a slash at the end.
    package var base: String
    /// The `Authorization` header with `{environment}` and `{key}` in it.
    package var authentication: String
    /// What the server offers. An operation that is absent is unsupported.
    package var operations: [Operation: OperationDescription]
    /// Where things lie in an object that describes a job.
    package var job: JobFields
    /// Where things lie in an entry of `listWorkflows`.
    package var workflow: WorkflowFields
    /// Where things lie in the body of a refusal or a failure.
    package var error: ErrorFields
    /// The server's names of states.
    package var states: [String: JobState]

    /// Where the fields of a job lie in its object.
    package struct JobFields: Hashable, Sendable, Decodable {
        /// A string or a whole number; an object without one is no job.
        package var id: JSONPointer
        /// The external label of the job's workflow.
        package var label: JSONPointer?
        /// The server's name of the state, as `states` lists it; an object without one is no job.
        package var state: JSONPointer
        /// When the job was created: ISO 8601, or seconds or milliseconds since 1970.
        package var created: JSONPointer?
        /// When the job began to run, in the same forms.
        package var started: JSONPointer?
        /// When the job ended, in the same forms.
        package var finished: JSONPointer?
        /// The server's one message about the job.
        package var message: JSONPointer?
    }

    /// Where the fields of a workflow lie in its object.
    package struct WorkflowFields: Hashable, Sendable, Decodable {
        /// The external label. An entry without one is left out.
        package var label: JSONPointer
    }

    /// Where the server's words lie in the body of an error.
    package struct ErrorFields: Hashable, Sendable, Decodable {
        /// A string. Where there is none, the beginning of the body is shown.
        package var message: JSONPointer
    }

    /// Reads a description.
    ///
    /// - Throws: `DecodingError` or `YamlError`, which name the place.
    package init(yaml: String) throws {
        self = try YAMLDecoder().decode(APIDescription.self, from: yaml)
    }

    /// The description shipped with Baton: unverified.
    package static func `default`() throws -> APIDescription {
        try APIDescription(yaml: String(decoding: PackageResources.default_api_yaml, as: UTF8.self))
    }
}
