import DataStudio
import Yams

/// Reads the YAML of a scenario.
enum ScenarioReader {
    private static let keys = [
        "environment", "key", "keys", "key_user", "key_expires", "tells_key", "ids", "times", "clock", "stamps",
        "clock_steps", "sends_date", "list_lag", "list_order", "lists_queued", "tells_whose", "echo", "seed",
        "largest_page", "operations",
        "api", "openapi", "openapi_path", "others", "workflows", "datasets", "schedules", "faults",
        "http",
    ]
    /// What the default description leaves out.
    private static let extraOperations = [Operation.cancelJob, .getDataset, .refreshDataset, .executeSchedule]

    static func scenario(_ yaml: inout YAMLReader, _ node: Node) -> Scenario {
        var scenario = Scenario()
        for (name, place, value) in yaml.members(of: node, at: "", known: keys) {
            switch name {
            case "environment": yaml.text(value, place).map { scenario.environment = $0 }
            case "key": yaml.text(value, place).map { scenario.key = $0 }
            case "keys":
                for (key, place, value) in yaml.members(of: value, at: place, known: nil) {
                    scenario.keys[key] = yaml.text(value, place)
                }
            case "key_user": scenario.keyUser = yaml.text(value, place)
            case "tells_key": yaml.boolean(value, place).map { scenario.tellsKey = $0 }
            case "key_expires": yaml.duration(value, place).map { scenario.keyExpires = $0 }
            case "ids": yaml.word(value, place, Scenario.IDKind.allCases).map { scenario.ids = $0 }
            case "times": yaml.word(value, place, Scenario.TimeForm.allCases).map { scenario.times = $0 }
            case "clock": offset(&yaml, value, place).map { scenario.clock = $0 }
            case "stamps": scenario.stamps = stamps(&yaml, value, place)
            case "clock_steps": scenario.clockSteps = yaml.list(value, place).compactMap { clockStep(&yaml, $0, $1) }
            case "sends_date": yaml.boolean(value, place).map { scenario.sendsDate = $0 }
            case "tells_whose": yaml.boolean(value, place).map { scenario.tellsWhose = $0 }
            case "echo": yaml.word(value, place, Scenario.Echo.allCases).map { scenario.echo = $0 }
            case "lists_queued": yaml.boolean(value, place).map { scenario.listsQueued = $0 }
            case "list_lag": yaml.duration(value, place).map { scenario.listLag = $0 }
            case "list_order": yaml.word(value, place, Scenario.ListOrder.allCases).map { scenario.listOrder = $0 }
            case "seed": scenario.seed = yaml.integer(value, place, in: 0...Int.max).map { UInt64($0) }
            case "largest_page":
                yaml.integer(value, place, in: 1...1_000_000).map { scenario.largestPage = $0 }
            case "operations":
                scenario.operations = Set(
                    yaml.list(value, place).compactMap { yaml.word($0, $1, extraOperations) })
            case "api": scenario.api = yaml.text(value, place)
            case "openapi": scenario.openAPI = yaml.text(value, place)
            case "openapi_path": yaml.text(value, place).map { scenario.openAPIPath = $0 }
            case "others": scenario.others = workflow(&yaml, value, place)
            case "datasets":
                for (label, place, value) in yaml.members(of: value, at: place, known: nil) {
                    scenario.datasets[label] = dataset(&yaml, value, place)
                }
            case "schedules":
                for (label, place, value) in yaml.members(of: value, at: place, known: nil) {
                    scenario.schedules[label] = yaml.list(value, place).compactMap { yaml.text($0, $1) }
                }
            case "http":
                for (url, place, value) in yaml.members(of: value, at: place, known: nil) {
                    scenario.http[url] = reply(&yaml, value, place)
                }
            case "faults":
                scenario.faults = yaml.list(value, place).compactMap { fault(&yaml, $0, $1) }
            default: scenario.workflows = workflows(&yaml, value, place)
            }
        }
        return scenario
    }

    private static func dataset(_ yaml: inout YAMLReader, _ node: Node, _ place: String) -> Duration {
        var duration = Duration.seconds(1)
        for (_, place, value) in yaml.members(of: node, at: place, known: ["duration"]) {
            yaml.duration(value, place).map { duration = $0 }
        }
        return duration
    }

    private static func reply(_ yaml: inout YAMLReader, _ node: Node, _ place: String) -> SimulatedReplyText {
        var reply = SimulatedReplyText()
        for (name, place, value) in yaml.members(of: node, at: place, known: ["body", "headers", "status"]) {
            switch name {
            case "status": yaml.integer(value, place, in: 100...599).map { reply.status = $0 }
            case "body": yaml.text(value, place).map { reply.body = $0 }
            default:
                for (header, place, value) in yaml.members(of: value, at: place, known: nil) {
                    reply.headers[header.lowercased()] = yaml.text(value, place)
                }
            }
        }
        return reply
    }

    private static func workflows(_ yaml: inout YAMLReader, _ node: Node, _ place: String) -> [Scenario.Entry] {
        yaml.members(of: node, at: place, known: nil).map { label, place, value in
            Scenario.Entry(label: label, workflow: workflow(&yaml, value, place))
        }
    }

    private static func workflow(_ yaml: inout YAMLReader, _ node: Node, _ place: String) -> SimulatedWorkflow {
        var workflow = SimulatedWorkflow()
        let known = ["duration", "failures", "message", "outcome", "queued", "reply", "requires", "space"]
        for (name, place, value) in yaml.members(of: node, at: place, known: known) {
            switch name {
            case "duration": yaml.duration(value, place).map { workflow.duration = $0 }
            case "queued": yaml.duration(value, place).map { workflow.queued = $0 }
            case "outcome":
                yaml.word(value, place, [JobState.completed, .failed, .cancelled]).map { workflow.outcome = $0 }
            case "failures":
                if let count = yaml.text(value, place).flatMap({ Int($0) }), count >= 0 {
                    workflow.failures = count
                } else {
                    yaml.report(value, place, "has to be a whole number: how many jobs fail before one does not")
                }
            case "message": workflow.message = yaml.text(value, place)
            case "requires": workflow.requires = yaml.list(value, place).compactMap { yaml.text($0, $1) }
            case "space": workflow.space = yaml.text(value, place)
            default: reply(&yaml, value, place).map { workflow.reply = $0 }
            }
        }
        return workflow
    }

    private static func reply(
        _ yaml: inout YAMLReader, _ node: Node, _ place: String
    ) -> SimulatedWorkflow.Reply? {
        let text = node.scalar?.string ?? ""
        if text == "lost" { return .lost }
        if let status = Int(text), (400...599).contains(status) { return .error(status: status) }
        yaml.report(node, place, "has to be a status from 400 to 599, or `lost`")
        return nil
    }
}
