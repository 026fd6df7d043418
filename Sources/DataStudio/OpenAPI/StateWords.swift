import JSON

/// What servers call the states of jobs.
enum StateWords {
    /// Our state for a server's word; `nil` for one that could mean anything.
    static func state(of word: String) -> JobState? {
        let words = NameWords.of(word)
        let joined = words.joined()
        // Being on the way to an end is not the end.
        if joined.hasSuffix("ing"), words.contains(where: { isCancelling($0) }) { return .running }
        if words.has(
            "error", "errored", "failed", "failure", "fail", "fault", "faulted", "crashed", "broken", "timeout",
            "expired", "rejected")
        {
            return .failed
        }
        if joined.contains("timedout") { return .failed }
        if words.has("not") { return words.has("started", "run") ? .queued : nil }
        if words.has("partial", "partially", "unknown", "skipped", "paused", "suspended", "held") { return nil }
        if words.contains(where: { isCancelled($0) }) { return .cancelled }
        if words.has(
            "completed", "complete", "succeeded", "success", "successful", "finished", "done", "ok", "passed", "finish")
        {
            return .completed
        }
        if words.has(
            "queued", "queue", "pending", "waiting", "scheduled", "created", "submitted", "new", "accepted", "enqueued",
            "ready", "requested", "initial", "initialised", "initialized", "starting", "awaiting")
        {
            return .queued
        }
        if words.has(
            "running", "executing", "started", "active", "processing", "busy", "working", "run", "ongoing",
            "inprogress", "loading", "refreshing") || joined.contains("inprogress")
        {
            return .running
        }
        if words.has("loaded") { return .completed }
        return nil
    }

    private static func isCancelled(_ word: String) -> Bool {
        [
            "cancelled", "canceled", "cancel", "aborted", "killed", "stopped", "terminated", "interrupted", "deleted",
            "revoked", "abandoned",
        ]
        .contains(word)
    }

    private static func isCancelling(_ word: String) -> Bool {
        ["cancelling", "canceling", "aborting", "killing", "stopping", "terminating", "interrupting", "deleting"]
            .contains(word)
    }

    /// How well words that name these states fit for those of jobs, from 0 to 1: how a job runs, succeeds and fails.
    static func fitness(_ states: Set<JobState>) -> Double {
        var fitness = 0.0
        if states.contains(.completed) { fitness += 0.4 }
        if states.contains(.failed) { fitness += 0.4 }
        if states.contains(.running) { fitness += 0.2 }
        return fitness
    }

    /// A server's words and ours, those left out that could mean anything.
    static func table(_ words: [String]) -> [String: JobState] {
        var table: [String: JobState] = [:]
        var seen: Set<String> = []
        // Case does not count.
        for word in words where seen.insert(word.lowercased()).inserted { table[word] = state(of: word) }
        return table
    }
}
