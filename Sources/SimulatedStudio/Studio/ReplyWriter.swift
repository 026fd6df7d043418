import DataStudio
import JSON

/// Writes replies with the names and in the places of an API description.
struct ReplyWriter: Hashable {
    let description: APIDescription

    /// The reply to `executeWorkflow`.
    func start(_ id: JSON) -> JSON {
        var reply = JSON.object([])
        reply.set(id, at: description.operations[.executeWorkflow]?.reply?.id ?? description.job.id)
        return reply
    }

    func job(_ job: SimulatedJob, at now: Timestamp) -> JSON {
        let fields = description.job
        var reply = JSON.object([])
        func set(_ value: JSON?, _ pointer: JSONPointer?) {
            if let pointer { reply.set(value ?? .null, at: pointer) }
        }
        // What the description does not place keeps its default name, unless the description uses it otherwise.
        func add(_ value: JSON?, _ name: String) {
            if reply[name] == nil { reply.set(value ?? .null, at: [name]) }
        }
        set(job.wireID, fields.id)
        set(.string(job.label), fields.label)
        add(.string(job.label), "workflowName")
        add(job.space.map { .string($0) }, "spaceExternalLabel")
        add("simulated", "user")
        set(.string(stateName(job.state(at: now))), fields.state)
        set(.string(job.created.iso8601), fields.created)
        set(job.started(at: now).map { .string($0.iso8601) }, fields.started)
        set(job.finished(at: now).map { .string($0.iso8601) }, fields.finished)
        set(job.message(at: now).map { .string($0) }, fields.message)
        add(.object(job.parameters), "parameters")
        return reply
    }

    func workflow(_ entry: Scenario.Entry) -> JSON {
        var reply = JSON.object([])
        reply.set(.string(entry.label), at: description.workflow.label)
        if reply["name"] == nil { reply.set(.string(entry.label), at: ["name"]) }
        reply.set(entry.workflow.space.map { .string($0) } ?? .null, at: ["spaceExternalLabel"])
        return reply
    }

    /// A part of a list, wrapped as the description says.
    func list(_ operation: Operation, _ items: [JSON], page: Int, pages: Int) -> JSON {
        let fields = description.operations[operation]?.reply
        guard let list = fields?.list, !list.tokens.isEmpty else { return .array(items) }
        var reply = JSON.object([])
        reply.set(.array(items), at: list)
        if let pointer = fields?.pages {
            if reply["page"] == nil { reply.set(.integer(Int64(page)), at: ["page"]) }
            reply.set(.integer(Int64(pages)), at: pointer)
        }
        return reply
    }

    func error(_ refusal: Refusal) -> JSON {
        var reply = JSON.object([JSONMember(name: "status", value: .integer(Int64(refusal.status)))])
        reply.set(.string(refusal.message), at: description.error.message)
        return reply
    }

    /// The server's name of a state; of several the one that is also ours, else the first of the alphabet.
    func stateName(_ state: JobState) -> String {
        let names = description.states.filter { $0.value == state }.keys
        return names.contains(state.rawValue) ? state.rawValue : names.min() ?? state.rawValue
    }
}
