import DataStudio

/// What a retry takes back of a log, by keys.
struct TakenBack {
    /// Steps, whose ends count no more.
    var steps: Set<String> = []
    /// Questions that are asked again, and blocks that have their time again.
    var others: Set<String> = []
    /// Scopes that are gone through again, with the times they take.
    var scopes: [String] = []

    /// True for a record of a question or of a time.
    fileprivate func holds(_ record: Record) -> Bool {
        if let key = record.questionOrBlock, others.contains(key) { return true }
        return record.isTimePassed && scopes.contains { Self.scope($0, holds: record.key) }
    }

    /// True if the key is of something in the scope, and not of its `finally`.
    private static func scope(_ scope: String, holds key: String) -> Bool {
        guard !scope.isEmpty else { return !key.hasPrefix("finally#") }
        return key.hasPrefix(scope + "/") && !key.hasPrefix(scope + "/finally#")
    }
}

/// What of a log counts no more.
extension RunMachine {
    /// The records nothing waits for once some of them have been taken back.
    ///
    /// - Returns: those; the machine that has gone through all others; and the keys of the steps that ended because they were
    ///   stopped for what counts no more: their ends are void as well, unless they completed all the same.
    static func voided(
        in log: [Record], _ configuration: RunConfiguration, _ revision: RunConfiguration?, _ back: TakenBack
    ) throws -> ([Int], RunMachine, unstopped: Set<String>) {
        var unstopped: Set<String> = []
        let earlier = voidSequences(of: log)
        // The last record that ended each of them.
        var last: [String: Int] = [:]
        for record in log where !earlier.contains(record.sequence) {
            if let key = record.endedStep, back.steps.contains(key) { last[key] = record.sequence }
        }
        let ends = Set(last.values)
        var void: [Int] = []
        let machine = try RunMachine(revision ?? configuration, at: log[0].at)
        // It goes through all records, as the run did.
        let former = try RunMachine(configuration, at: log[0].at)
        for machine in [machine, former] {
            machine.releasesEnded = false
            machine.isReplaying = true
            machine.beginScript()
        }
        for record in log {
            guard !earlier.contains(record.sequence) else {
                machine.pass(record)
                former.pass(record)
                continue
            }
            var counts =
                !ends.contains(record.sequence) && !endingKinds.contains(record.body.kind) && !back.holds(record)
            if counts, record.isEndWithoutSuccess, former.isStopped(record.key), !machine.isStopped(record.key) {
                unstopped.insert(record.key)
                counts = false
            }
            if counts {
                do throws(ReplayError) {
                    if revision != nil, !machine.waitsAsDoes(former, for: record) {
                        throw ReplayError("it asks otherwise")
                    }
                    try machine.take(record)
                } catch {
                    counts = false
                }
            }
            try former.take(record)
            guard !counts else { continue }
            void.append(record.sequence)
            machine.pass(record)
        }
        return (void, machine, unstopped)
    }

    /// What ends a run from outside counts no more.
    private static let endingKinds = ["ended", "expired", "limited", "stopping"]

    /// True if there is a step of that key, and it is being stopped.
    func isStopped(_ key: String) -> Bool { stepsByKey[key].map { nodes[$0]?.stop != nil } ?? false }
}

extension Record {
    /// True for the end of a step that is no success.
    fileprivate var isEndWithoutSuccess: Bool {
        switch body {
        case .settled(.finished(let job)): job.state != .completed
        case .settled(.failed), .fired(.timeout, _), .resolved(.fail, _): true
        default: false
        }
    }

    /// True for the end of a `sleep` or of a time.
    fileprivate var isTimePassed: Bool {
        guard case .fired(let purpose, _) = body else { return false }
        return purpose == .sleep || purpose == .timeout
    }

    /// The key of the step that it may have ended.
    fileprivate var endedStep: String? {
        switch body {
        case .settled, .fired(.timeout, _), .resolved(.fail, _), .resolved(.done, _): key
        // It was not started, as the workflow ran already, or took unusually long.
        case .answered:
            ["/if_running#", "/usual#", "/decision#", "/taken#"].lazy.compactMap { key.firstRange(of: $0) }.first.map {
                String(key[..<$0.lowerBound])
            }
        default: nil
        }
    }
}
