package import DataStudio

/// What is about to be asked of a server and must not be asked twice.
package struct Intent: Hashable, Sendable {
    /// What is asked.
    package enum Request: Hashable, Sendable {
        /// Start the workflow.
        case start(WorkflowStart)
        /// Something else that is sent once and never repeated.
        case once(Query)
    }

    /// What leaves.
    package var request: Request
    /// The server's name in the configuration; `nil`: the run's own.
    package var server: String?
    /// The step's name in reports.
    package var title: String
    /// The script line, as `nightly.lua:12`.
    package var location: String?
    /// The gate the start went through: no two starts of one gate are unanswered at a time. `nil` for other requests.
    package var gate: String?
    /// The server's clock when this was written; `nil` if it is not known.
    package var serverTime: Timestamp?
    /// What was known of the server's jobs then.
    package var evidence: StartEvidence

    /// What is about to leave, for the step of that name.
    package init(
        request: Request, server: String? = nil, title: String, location: String? = nil, gate: String? = nil,
        serverTime: Timestamp? = nil, evidence: StartEvidence = StartEvidence()
    ) {
        self.request = request
        self.server = server
        self.title = title
        self.location = location
        self.gate = gate
        self.serverTime = serverTime
        self.evidence = evidence
    }

    /// What was known when it was about to leave.
    package var readiness: StartReadiness {
        StartReadiness(gate: gate ?? "", serverTime: serverTime, evidence: evidence)
    }

    /// The workflow's label; `nil` for what starts none.
    package var label: String? {
        if case .start(let start) = request { start.label } else { nil }
    }

    /// True if the same is asked of the same server.
    package func asksTheSame(as other: Intent) -> Bool {
        request == other.request && server == other.server
    }
}
