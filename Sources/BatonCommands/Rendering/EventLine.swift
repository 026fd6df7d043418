import DataStudio
import Orchestration

/// An event as one line.
enum EventLine {
    /// A workflow that may have been started twice, and why.
    static func text(suspicion: String) -> String { "Possible duplicate start: \(suspicion)" }

    static func text(_ event: StepEvent) -> String {
        let title = event.step.title
        return switch event.change {
        case .starting where event.step.kind == .otherJob: "\(title): waited for"
        case .starting where event.step.kind == .approval: "\(title): waits for approval"
        case .starting where event.step.kind == .lock: "\(title): waits until it is free"
        case .starting: "\(title): starting"
        case .waiting(let reason): "\(title): \(reason)"
        case .accepted where event.step.kind == .otherJob: "\(title): found on the server"
        case .accepted(let job, _): "\(title): accepted as job \(job)"
        case .state(_, let name): "\(title): \(name)"
        case .late(let lateness): "\(title): \(lateness.words)"
        case .retrying(let text, let delay, let count):
            "\(title): \(text); it is started again in \(delay.short) (retry \(count))"
        case .warning(let text): "\(title): warning: \(text)"
        case .ended(.succeeded(let result)) where result.isByHand: "\(title): counts as done, as a person said"
        case .ended(.succeeded(let result)): "\(title): completed in \(result.duration.short)"
        case .ended(.approved(let decision)): "\(title): \(decision.words)"
        case .ended(.locked): "\(title): taken"
        case .ended(.failed(_, let message, _)): message
        case .ended(.notStarted) where event.step.kind == .approval: "\(title): not decided"
        case .ended(.notStarted) where event.step.kind == .lock: "\(title): not taken"
        case .ended(.notStarted): "\(title): not started"
        case .ended(.leftRunning) where event.step.kind == .otherJob: "\(title): not waited for any more"
        case .ended(.leftRunning): "\(title): left running on the server"
        case .ended(.doubtful(let reason)): "\(title): IN DOUBT, \(reason)"
        }
    }
}
