import DataStudio
import LuaVM

/// What can end a run besides its steps, and that a retry does again: a question to a server that failed, or the time of a
/// block that was up.
extension RunMachine {
    /// Such a failure.
    struct OtherFailure {
        /// The key of the question, or of the block, in the log.
        let key: String
        /// What its error begins with, as `state` or `timeout`.
        let name: String
        /// Where in the script.
        let location: String?
        /// True if it is the time of a block.
        let isTime: Bool

        /// For people: `state (nightly.lua:7)`.
        var place: String { name + (location.map { " (\($0))" } ?? "") }
    }

    /// Keeps that a question of the script failed, if somebody wants to know what a retry would do.
    func noteFailure(of open: OpenQuery, _ answer: Answer) {
        guard !releasesEnded else { return }
        let location: LuaLocation?
        switch (answer, open.use) {
        case (.failed, .state(_, let place, _)), (.failed, .stateOfOther(_, let place, _)),
            (.failed, .call(_, let place, _)):
            location = place
        case (.dataset(let dataset), .call(_, let place, .studioRefreshDataset))
        where [.failed, .cancelled].contains(dataset.state):
            location = place
        default: return
        }
        let last = open.key.split(separator: "/").last ?? ""
        otherFailures.append(
            OtherFailure(
                key: open.key, name: String(last.prefix { $0 != "#" }), location: location?.description, isTime: false))
    }

    /// The same of the time of a block. What had to be done by an instant can never be done in time again.
    func noteTimeUp(of group: Group) {
        guard !releasesEnded, group.deadline == nil else { return }
        otherFailures.append(
            OtherFailure(key: group.key, name: group.title, location: group.location?.description, isTime: true))
    }

    /// Those of them that ended the run. Their errors have gone through the script.
    var otherFailuresThatEnded: [OtherFailure] {
        var found: [String: OtherFailure] = [:]
        for root in endingErrors where step(of: root) == nil {
            let failure = otherFailures.last { failure in
                failure.location == root.location && failure.isTime == (root.kind == .timeout)
                    && root.message.hasPrefix("\(failure.name): ")
            }
            if let failure { found[failure.key] = failure }
        }
        return found.values.sorted { $0.key < $1.key }
    }
}

extension Record {
    /// The key of the question or block that it is about: an answer, that it may have been sent, or that its time is up.
    var questionOrBlock: String? {
        switch body {
        case .answered, .fired(.timeout, _): key
        case .intent(let intent): if case .once = intent.request { key } else { nil }
        default: nil
        }
    }
}
