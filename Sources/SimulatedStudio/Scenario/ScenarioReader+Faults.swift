import DataStudio
import Yams

extension ScenarioReader {
    /// The words for faults, and the keys that go with each besides those of all.
    private static let words: KeyValuePairs<String, [String]> = [
        "down": ["jobs"], "delay": ["time"], "lost": [], "reset": [], "no_body": [], "half_body": [], "trickle": [],
        "redirect": ["to"], "vanish": [], "state": ["state"],
    ]
    private static let common = ["fault", "operation", "label", "from", "for", "skip", "count", "probability"]
    private static let ofStatus = ["body", "retry_after", "done"]

    static func fault(_ yaml: inout YAMLReader, _ node: Node, _ place: String) -> Fault? {
        guard let word = node.mapping?["fault"]?.scalar?.string else {
            yaml.report(node, "\(place).fault", "is missing: what goes wrong, as down, lost, 503")
            return nil
        }
        let status = Int(word).flatMap { (400...599).contains($0) ? $0 : nil }
        guard let own = words.first(where: { $0.key == word })?.value ?? (status == nil ? nil : ofStatus) else {
            let names = words.map(\.key)
            yaml.report(
                node.mapping?["fault"], "\(place).fault",
                "has to be \(names.joined(separator: ", ")), or a status from 400 to 599"
                    + Spelling.suggestion(for: word, among: names))
            return nil
        }
        let members = yaml.members(of: node, at: place, known: common + own)
        var details = Details()
        for (name, place, value) in members where own.contains(name) { details.read(&yaml, name, value, place) }
        guard let kind = kind(word, status, details) else {
            yaml.report(node, "\(place).\(own[0])", "is missing: \(word) needs it")
            return nil
        }
        var fault = Fault(kind)
        for (name, place, value) in members {
            switch name {
            case "operation": fault.operation = yaml.word(value, place, Operation.allCases)
            case "label": fault.label = yaml.text(value, place)
            case "from": yaml.duration(value, place).map { fault.from = $0 }
            case "for": fault.length = yaml.duration(value, place)
            case "skip": yaml.integer(value, place, in: 0...1_000_000).map { fault.skip = $0 }
            case "count": fault.count = yaml.integer(value, place, in: 1...1_000_000)
            case "probability":
                if let number = value.scalar.flatMap({ Double($0.string) }), (0...1).contains(number) {
                    fault.probability = number
                } else {
                    yaml.report(value, place, "has to be a number from 0 to 1")
                }
            default: break
            }
        }
        if case .down = kind,
            let wrong = members.first(where: {
                ["operation", "label", "skip", "count", "probability"].contains($0.name)
            })
        {
            yaml.report(wrong.value, wrong.place, "does not go with down: the whole server is, for a time")
        }
        return fault
    }

    /// What only some faults have.
    private struct Details {
        var restart = Fault.Restart.keep
        var time: Duration?
        var to: String?
        var state: String?
        var body = Fault.ErrorBody.json
        var retryAfter: Duration?
        var isDone = false

        mutating func read(_ yaml: inout YAMLReader, _ name: String, _ node: Node, _ place: String) {
            switch name {
            case "jobs": yaml.word(node, place, Fault.Restart.allCases).map { restart = $0 }
            case "time": time = yaml.duration(node, place)
            case "to": to = yaml.text(node, place)
            case "state": state = yaml.text(node, place)
            case "body": yaml.word(node, place, Fault.ErrorBody.allCases).map { body = $0 }
            case "retry_after": retryAfter = yaml.duration(node, place)
            default: yaml.boolean(node, place).map { isDone = $0 }
            }
        }
    }

    private static func kind(_ word: String, _ status: Int?, _ details: Details) -> Fault.Kind? {
        if let status {
            return .status(status, details.body, retryAfter: details.retryAfter, done: details.isDone)
        }
        switch word {
        case "down": return .down(details.restart)
        case "delay": return details.time.map { .delay($0) }
        case "lost": return .lost
        case "reset": return .reset
        case "no_body": return .noBody
        case "half_body": return .halfBody
        case "trickle": return .trickle
        case "redirect": return details.to.map { .redirect(to: $0) }
        case "vanish": return .vanish
        default: return details.state.map { .state($0) }
        }
    }
}
