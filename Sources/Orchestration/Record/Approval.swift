package import JSON

/// What a script wants a person to approve.
package struct Approval: Hashable, Sendable {
    /// What is to be approved, in the script's words.
    package let text: String
    /// The name of those who may decide, as the configuration's `approvers` has them; `nil`: everybody who may write the
    /// journal.
    package let approvers: String?
    /// What counts when nobody has decided in time; `nil`: that is an error.
    package let usual: Bool?

    /// The command that approves it. The step is named: a message that is read late must not decide about another.
    package func command(of run: String, _ step: StepDescription) -> String { "baton approve \(run) \(step.number)" }
}

/// What a person has decided.
package struct Decision: Hashable, Sendable {
    /// False for a rejection.
    package let isApproved: Bool
    /// Who decided.
    package let by: String
    /// Why, if it was said.
    package let reason: String?
    /// True if no process held the run then.
    package let isOfRunLeft: Bool

    /// What that person has decided.
    package init(isApproved: Bool, by: String, reason: String? = nil, isOfRunLeft: Bool = false) {
        self.isApproved = isApproved
        self.by = by
        self.reason = reason
        self.isOfRunLeft = isOfRunLeft
    }

    /// For records and requests.
    package var payload: JSON {
        .record([
            "approved": .boolean(isApproved), "by": .string(by), "reason": reason.map { .string($0) },
            "left": isOfRunLeft ? true : nil,
        ])
    }

    /// What records and requests have.
    package init(payload: JSON) throws(RecordError) {
        guard case .boolean(let isApproved)? = payload["approved"] else { throw RecordError("it holds no decision") }
        self.init(
            isApproved: isApproved, by: try payload.string("by"), reason: payload["reason"]?.text,
            isOfRunLeft: payload["left"] == true)
    }

    /// As `approved by ann: looks good`.
    package var words: String {
        "\(isApproved ? "approved" : "rejected") by \(by)" + (reason.map { ": \($0)" } ?? "")
    }
}
