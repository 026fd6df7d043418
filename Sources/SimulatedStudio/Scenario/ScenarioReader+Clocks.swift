import DataStudio
import Yams

extension ScenarioReader {
    static func stamps(_ yaml: inout YAMLReader, _ node: Node, _ place: String) -> Scenario.StampStyle {
        var stamps = Scenario.StampStyle()
        let known = ["ahead", "resolution", "job_resolution", "zone", "clocks"]
        for (name, place, value) in yaml.members(of: node, at: place, known: known) {
            switch name {
            case "ahead": offset(&yaml, value, place).map { stamps.ahead = $0 }
            case "resolution": yaml.duration(value, place).map { stamps.resolution = $0 }
            case "job_resolution": stamps.jobResolution = yaml.duration(value, place)
            case "zone": stamps.zone = offset(&yaml, value, place)
            default: stamps.clocks = yaml.list(value, place).compactMap { offset(&yaml, $0, $1) }
            }
        }
        return stamps
    }

    static func clockStep(_ yaml: inout YAMLReader, _ node: Node, _ place: String) -> Scenario.ClockStep? {
        var from = Duration.zero
        var by: Duration?
        let known = yaml.problems.count
        for (name, place, value) in yaml.members(of: node, at: place, known: ["from", "by"]) {
            switch name {
            case "from": yaml.duration(value, place).map { from = $0 }
            default: by = offset(&yaml, value, place)
            }
        }
        // Any other reason for a step without a change is reported already.
        if by == nil, yaml.problems.count == known {
            yaml.report(node, "\(place).by", "is missing: how much the clock changes, such as 1h or -1h")
        }
        return by.map { Scenario.ClockStep(from: from, by: $0) }
    }

    /// A duration that may be negative, for clocks that are behind and zones west of Greenwich.
    static func offset(_ yaml: inout YAMLReader, _ node: Node, _ place: String) -> Duration? {
        let text = node.scalar?.string ?? ""
        let isNegative = text.hasPrefix("-")
        let digits = isNegative || text.hasPrefix("+") ? String(text.dropFirst()) : text
        guard let duration = Duration(text: digits) else {
            yaml.report(node, place, "has to be a duration such as 90s or -90s")
            return nil
        }
        return isNegative ? .zero - duration : duration
    }
}
