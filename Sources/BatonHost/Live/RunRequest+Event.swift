import Journal
import Orchestration

extension RunRequest {
    /// What the request means for the run; `nil` for one that cannot be understood.
    var event: ConductorEvent? {
        switch verb {
        // It leads to no record: the journal forgets it when it notes that the run was left.
        case "stop": .detach(signal: nil)
        case "cancel": .request(id: id, .cancelRun(by: by, runsFinally: argument != Self.withoutFinally))
        case "decide": Self.decision(argument).map { .request(id: id, .decide(key: $0.key, $0.1)) }
        case "resolve": Self.resolution(argument).map { .request(id: id, .resolve(key: $0.key, $0.1, by: by)) }
        default: nil
        }
    }
}
