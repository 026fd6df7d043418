import Escaping
package import LuaVM

/// An error as scripts and reports see it.
package struct ScriptError: Error, Sendable {
    /// What went wrong, in the terms a script can tell apart.
    package var kind: ErrorKind
    /// What happened, in words an operator knows, without the place.
    package var message: String
    /// The step's key in the log; `nil` for what is no step.
    package var key: String?
    /// The label of the step's workflow; `nil` for what is no step.
    package var label: String?
    /// The job's id, where the server has told it.
    package var jobID: String?
    /// Whether a job it is about still runs on the server.
    package var running: MayBeRunning
    /// The job's state, where there is a job.
    package var state: String?
    /// The script line of the step, as `nightly.lua:12`.
    package var location: String?
    /// The Lua stack where it was raised, innermost first; empty if there is none.
    package var traceback: String
    /// The failures that this one joins.
    package var causes: [ScriptError]
    /// The step's result, if its job came to an end.
    package var result: LuaValue?
    /// Of a group: what its items came to in their order, `false` for those without a value.
    package var results: LuaValue?
    /// The very value a script raised; it is raised again as it is.
    package var raised: LuaValue?
    /// Of `wait_any`: the position of the handle that failed.
    package var index: Int?

    /// An error; what is left out is not known or does not apply. Texts are cut to what people can read.
    package init(
        _ kind: ErrorKind, _ message: String, label: String? = nil, jobID: String? = nil,
        running: MayBeRunning = .no, state: String? = nil, location: String? = nil, traceback: String = "",
        causes: [ScriptError] = [], result: LuaValue? = nil, results: LuaValue? = nil, raised: LuaValue? = nil
    ) {
        self.kind = kind
        self.message = message.cut(to: Self.longestText)
        self.label = label
        self.jobID = jobID
        self.running = running
        self.state = state
        self.location = location?.cut(to: Self.longestName)
        self.traceback = traceback.cut(to: Self.longestText)
        self.causes = causes
        self.result = result
        self.results = results
        self.raised = raised
    }

    /// The longest message or traceback, and the longest place, in bytes.
    static let longestText = 64 << 10, longestName = 1 << 10

    /// The message with its place in front.
    package var text: String {
        location.map { "\($0): \(message)" } ?? message
    }

    /// One error for several failures, of the kind of the gravest.
    ///
    /// - Parameters:
    ///   - title: the call that waited for them; `nil` for a task whose children failed unnoticed.
    ///   - count: how many there were to wait for.
    static func joining(
        _ causes: [ScriptError], title: String?, of count: Int?, location: String?, results: LuaValue? = nil
    ) -> ScriptError {
        let gravest = causes.min { $0.kind.gravity < $1.kind.gravity }
        let all = count.map { "\(causes.count) of \($0) failed" } ?? "\(causes.count) failed"
        let only = causes.count == 1 ? causes.first : nil
        var running = MayBeRunning.no
        if causes.contains(where: { $0.running == .unknown }) { running = .unknown }
        if causes.contains(where: { $0.running == .yes }) { running = .yes }
        return ScriptError(
            gravest?.kind ?? .script,
            (title.map { "\($0): " } ?? "") + all + ": " + causes.map(\.message).joined(separator: "; "),
            label: only?.label, jobID: only?.jobID, running: running, state: only?.state, location: location,
            traceback: causes.map(\.traceback).filter { !$0.isEmpty }.joined(separator: "\n"), causes: causes,
            results: results)
    }

    /// The failures at the bottom: itself, or those it joins.
    package var roots: [ScriptError] {
        causes.isEmpty ? [self] : causes.flatMap(\.roots)
    }
}

extension [ScriptError] {
    /// The only one, or one error for all; `nil` for none.
    var joined: ScriptError? {
        count < 2 ? first : .joining(self, title: nil, of: nil, location: nil)
    }
}
