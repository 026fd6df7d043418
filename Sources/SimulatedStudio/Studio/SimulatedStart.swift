import DataStudio
import JSON

/// What the body of `executeWorkflow` asks for.
struct SimulatedStart: Hashable {
    let label: String
    let space: String?
    let parameters: [JSONMember]

    init(label: String, space: String? = nil, parameters: [JSONMember] = []) {
        self.label = label
        self.space = space
        self.parameters = parameters
    }

    /// Reads the body, and refuses it if anything in it is not of the type it should be.
    ///
    /// - Parameter label: of the workflow, where it stands in the path.
    init(_ bytes: [UInt8], names: OperationDescription.BodyNames, label given: String?) throws(Refusal) {
        let body: JSON
        do throws(JSONError) {
            body = try JSON(parsing: bytes)
        } catch {
            throw Refusal(400, "The body is \(error).")
        }
        guard body.members != nil else { throw Refusal(400, "The body is not an object.") }
        let named = try Self.text(names.label, of: body)
        guard let label = given ?? named, !label.isEmpty else {
            throw Refusal(400, "\"\(names.label ?? "label")\" is missing.")
        }
        self.label = label
        space = try Self.text(names.space, of: body)
        _ = try Self.text(names.version, of: body)
        _ = try Self.text(names.dependencies, of: body)
        if let name = names.refresh, let value = body[name] {
            guard case .boolean = value else { throw Refusal(400, "\"\(name)\" has to be true or false.") }
        }
        if let name = names.sources, let value = body[name], value.elements == nil {
            throw Refusal(400, "\"\(name)\" has to be a list.")
        }
        parameters = try Self.parameters(names.parameters, of: body)
    }

    private static func text(_ name: String?, of body: JSON) throws(Refusal) -> String? {
        guard let name, let value = body[name] else { return nil }
        guard let text = value.text else { throw Refusal(400, "\"\(name)\" has to be a string.") }
        return text
    }

    private static func parameters(_ name: String?, of body: JSON) throws(Refusal) -> [JSONMember] {
        guard let name, let value = body[name] else { return [] }
        guard let members = value.members else { throw Refusal(400, "\"\(name)\" has to be an object.") }
        if let wrong = members.first(where: { $0.value.text == nil }) {
            throw Refusal(400, "The value of parameter \"\(wrong.name)\" has to be a string.")
        }
        return members
    }
}
