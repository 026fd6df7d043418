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
    package var operations: [Operation: OperationDescription]
    package var job: JobFields
    package var workflow: WorkflowFields
    package var error: ErrorFields
    /// The server's names of states.
    package var states: [String: JobState]

    /// Where the fields of a job lie in its object.
    package struct JobFields: Hashable, Sendable, Decodable {
        package var id: JSONPointer
        package var label: JSONPointer?
        package var state: JSONPointer
        package var created: JSONPointer?
        package var started: JSONPointer?
        package var finished: JSONPointer?
        package var message: JSONPointer?
    }

    /// Where the fields of a workflow lie in its object.
    package struct WorkflowFields: Hashable, Sendable, Decodable {
        package var label: JSONPointer
    }

    /// Where the server's words lie in the body of an error.
    package struct ErrorFields: Hashable, Sendable, Decodable {
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
