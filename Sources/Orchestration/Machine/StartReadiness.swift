package import DataStudio

/// What is known when a start is about to be sent.
package struct StartReadiness: Hashable, Sendable {
    /// No two starts of one gate are unanswered at a time.
    package var gate: String
    /// The server's clock; `nil` if it is not known.
    package var serverTime: Timestamp?
    /// What is known of its jobs.
    package var evidence: StartEvidence

    /// What is known.
    package init(gate: String, serverTime: Timestamp? = nil, evidence: StartEvidence = StartEvidence()) {
        self.gate = gate
        self.serverTime = serverTime
        self.evidence = evidence
    }
}
