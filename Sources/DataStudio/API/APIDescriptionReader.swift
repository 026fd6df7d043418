import JSON
import Yams

/// Reads the YAML of an API description.
enum APIDescriptionReader {
    private static let keys = [
        "verified", "base", "authentication", "zone", "operations", "job", "workflow", "space", "dataset", "key",
        "error", "states",
    ]

    static func read(_ yaml: inout YAMLReader, _ root: Node) -> APIDescription {
        var description = APIDescription()
        var given: Set<String> = []
        for (name, place, node) in yaml.members(of: root, at: "", known: keys) {
            given.insert(name)
            switch name {
            case "verified": yaml.boolean(node, place).map { description.verified = $0 }
            case "base": base(&yaml, node, place).map { description.base = $0 }
            case "authentication": authentication(&yaml, node, place).map { description.authentication = $0 }
            case "zone": zone(&yaml, node, place).map { description.zone = $0 }
            case "operations": description.operations = operations(&yaml, node, place)
            case "states": description.states = states(&yaml, node, place)
            case "job": job(&yaml, node, place, &description.job)
            case "workflow":
                pointers(
                    &yaml, node, place, &description.workflow, required: ["label": \.label],
                    ["name": \.name, "space": \.space])
            case "space":
                pointers(&yaml, node, place, &description.space, required: ["label": \.label], ["name": \.name])
            case "dataset":
                pointers(
                    &yaml, node, place, &description.dataset,
                    ["label": \.label, "state": \.state, "refreshed": \.refreshed])
            case "key": pointers(&yaml, node, place, &description.key, ["user": \.user, "expires": \.expires])
            default: pointers(&yaml, node, place, &description.error, required: ["message": \.message], [:])
            }
        }
        for name in ["operations", "job", "states"] where !given.contains(name) {
            yaml.report(root, name, "is missing")
        }
        for (operation, part) in [(Operation.listWorkflows, "workflow"), (.listSpaces, "space")]
        where description.operations[operation] != nil && !given.contains(part) {
            yaml.report(root, part, "is missing: \(operation.rawValue) needs it")
        }
        return description
    }

    private static func base(_ yaml: inout YAMLReader, _ node: Node, _ place: String) -> String? {
        guard let text = yaml.text(node, place, canBeEmpty: true) else { return nil }
        let base = text.hasSuffix("/") ? String(text.dropLast()) : text
        guard base.isEmpty || base.hasPrefix("/") else {
            yaml.report(node, place, "has to begin with a slash, or be empty; got \"\(text)\"")
            return nil
        }
        return base
    }

    private static func authentication(_ yaml: inout YAMLReader, _ node: Node, _ place: String) -> String? {
        guard let text = yaml.text(node, place) else { return nil }
        guard text.contains("{key}") else {
            yaml.report(node, place, "has to contain {key}, as \"{environment} {key}\"")
            return nil
        }
        guard text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }) else {
            yaml.report(node, place, "holds a line break or another control character")
            return nil
        }
        return text
    }

    private static func zone(_ yaml: inout YAMLReader, _ node: Node, _ place: String) -> ServerZone? {
        guard let text = yaml.text(node, place) else { return nil }
        guard let zone = ServerZone(text) else {
            yaml.report(
                node, place,
                "must be a time zone, for example Europe/London, or an offset, for example -05:00; got \"\(text)\"")
            return nil
        }
        return zone
    }

    private static func states(_ yaml: inout YAMLReader, _ node: Node, _ place: String) -> [String: JobState] {
        var states: [String: JobState] = [:]
        let ours = JobState.allCases.filter { $0 != .unknown }
        for (name, place, value) in yaml.members(of: node, at: place, known: nil) {
            if let other = states.keys.first(where: { $0.isEqualIgnoringCase(name) }) {
                yaml.report(value, place, "differs from \(other) by its case only, which does not count")
            }
            states[name] = yaml.word(value, place, ours)
        }
        if yaml.problems.isEmpty, !states.values.contains(.completed) {
            yaml.report(node, place, "no name stands for COMPLETED: no job could ever succeed")
        }
        return states
    }

    private static func job(
        _ yaml: inout YAMLReader, _ node: Node, _ place: String, _ job: inout APIDescription.JobFields
    ) {
        pointers(
            &yaml, node, place, &job, required: ["id": \.id, "state": \.state],
            [
                "label": \.label, "created": \.created, "started": \.started, "finished": \.finished,
                "message": \.message, "user": \.user, "space": \.space, "parameters": \.parameters,
            ])
    }

    /// Reads a mapping of names to JSON pointers.
    static func pointers<Fields>(
        _ yaml: inout YAMLReader, _ node: Node, _ place: String, _ fields: inout Fields,
        required: KeyValuePairs<String, WritableKeyPath<Fields, JSONPointer>> = [:],
        _ optional: KeyValuePairs<String, WritableKeyPath<Fields, JSONPointer?>>
    ) {
        var missing = required.map(\.key)
        let known = missing + optional.map(\.key)
        for (name, place, value) in yaml.members(of: node, at: place, known: known) {
            missing.removeAll { $0 == name }
            guard let pointer = yaml.pointer(value, place) else { continue }
            if let field = required.first(where: { $0.key == name }) { fields[keyPath: field.value] = pointer }
            if let field = optional.first(where: { $0.key == name }) { fields[keyPath: field.value] = pointer }
        }
        for name in missing { yaml.report(node, "\(place).\(name)", "is missing") }
    }
}
