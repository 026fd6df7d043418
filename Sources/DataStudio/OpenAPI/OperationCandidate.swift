/// An operation of a document that may be one of ours.
package struct OperationCandidate: Sendable {
    let documented: DocumentedOperation
    /// Two candidates with the same score are equally good.
    package let score: Double
    /// What speaks for it, in a few words each.
    package let reasons: [String]

    /// `POST /workflows/execute`, as the document has it.
    package var title: String { documented.title }

    /// How sure it is that this is what is wanted.
    package enum Confidence: String, Sendable {
        case high, fair, low
    }

    /// How sure it is, from the score alone.
    package var confidence: Confidence {
        switch score {
        case 9...: .high
        case 6..<9: .fair
        default: .low
        }
    }
}
