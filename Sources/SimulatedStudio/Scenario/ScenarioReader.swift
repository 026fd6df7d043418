import DataStudio
import Yams

/// Reads the YAML of a scenario and keeps going after an error, so that all of them are reported together.
struct ScenarioReader {
    private(set) var problems: [ScenarioError.Problem] = []

    mutating func scenario(_ node: Node) -> Scenario {
        var scenario = Scenario()
        let known = ["environment", "key", "ids", "operations", "others", "workflows"]
        for (name, place, value) in members(of: node, at: "", known: known) {
            switch name {
            case "environment": text(value, place).map { scenario.environment = $0 }
            case "key": text(value, place).map { scenario.key = $0 }
            case "ids": word(value, place, Scenario.IDKind.allCases).map { scenario.ids = $0 }
            case "operations":
                let words = texts(value, place).compactMap { word($0, $1, [Operation.cancelJob]) }
                scenario.operations = Set(words)
            case "others": scenario.others = workflow(value, place)
            default: scenario.workflows = workflows(value, place)
            }
        }
        return scenario
    }

    private mutating func workflows(_ node: Node, _ place: String) -> [Scenario.Entry] {
        members(of: node, at: place, known: nil).map { label, place, value in
            Scenario.Entry(label: label, workflow: workflow(value, place))
        }
    }

    private mutating func workflow(_ node: Node, _ place: String) -> SimulatedWorkflow {
        var workflow = SimulatedWorkflow()
        let known = ["duration", "message", "outcome", "queued", "reply", "requires", "space"]
        for (name, place, value) in members(of: node, at: place, known: known) {
            switch name {
            case "duration": duration(value, place).map { workflow.duration = $0 }
            case "queued": duration(value, place).map { workflow.queued = $0 }
            case "outcome":
                word(value, place, [JobState.completed, .failed, .cancelled]).map { workflow.outcome = $0 }
            case "message": workflow.message = text(value, place)
            case "requires": workflow.requires = texts(value, place).compactMap { text($0, $1) }
            case "space": workflow.space = text(value, place)
            default: reply(value, place).map { workflow.reply = $0 }
            }
        }
        return workflow
    }

    private mutating func reply(_ node: Node, _ place: String) -> SimulatedWorkflow.Reply? {
        let text = node.scalar?.string ?? ""
        if text == "lost" { return .lost }
        if let status = Int(text), (400...599).contains(status) { return .error(status: status) }
        report(node, place, "has to be a status from 400 to 599, or `lost`")
        return nil
    }

    // MARK: Values

    /// The members of a mapping with their places. An empty value is an empty mapping.
    ///
    /// - Parameter known: `nil` if any key will do. A key that is not known is reported and left out.
    private mutating func members(
        of node: Node, at place: String, known: [String]?
    ) -> [(name: String, place: String, value: Node)] {
        guard let mapping = node.mapping else {
            if !Self.isEmpty(node) || place.isEmpty {
                report(node, place, "\(place.isEmpty ? "the scenario " : "")has to be a mapping of keys to values")
            }
            return []
        }
        var members: [(name: String, place: String, value: Node)] = []
        for (key, value) in mapping {
            guard let name = key.scalar?.string, !name.isEmpty else {
                report(key, place, "a key has to be a text")
                continue
            }
            let place = place.isEmpty ? name : "\(place).\(name)"
            if let known, !known.contains(name) {
                report(key, place, "unknown key: known here are \(known.joined(separator: ", "))")
            } else {
                members.append((name, place, value))
            }
        }
        return members
    }

    private mutating func text(_ node: Node, _ place: String) -> String? {
        guard let text = node.scalar?.string, !text.isEmpty, !Self.isEmpty(node) else {
            report(node, place, "has to be a text")
            return nil
        }
        return text
    }

    /// The elements of a list with their places.
    private mutating func texts(_ node: Node, _ place: String) -> [(Node, String)] {
        guard let sequence = node.sequence else {
            report(node, place, "has to be a list, as [a, b]")
            return []
        }
        return sequence.enumerated().map { ($1, "\(place)[\($0)]") }
    }

    private mutating func duration(_ node: Node, _ place: String) -> Duration? {
        guard let duration = node.scalar.flatMap({ Duration(text: $0.string) }) else {
            report(node, place, "has to be a duration up to 366 days: seconds, or as 500ms, 90s, 5m, 2h, 1h30m")
            return nil
        }
        return duration
    }

    private mutating func word<Word: RawRepresentable<String>>(
        _ node: Node, _ place: String, _ words: [Word]
    ) -> Word? {
        let text = node.scalar?.string
        if let word = words.first(where: { $0.rawValue == text }) { return word }
        report(node, place, "has to be \(words.map(\.rawValue).joined(separator: " or "))")
        return nil
    }

    /// True for what YAML reads as null.
    private static func isEmpty(_ node: Node) -> Bool {
        guard let scalar = node.scalar else { return false }
        return scalar.style == .plain && ["", "~", "null", "Null", "NULL"].contains(scalar.string)
    }

    private mutating func report(_ node: Node, _ place: String, _ message: String) {
        problems.append(.init(place: place, line: node.mark?.line, message: message))
    }
}
