/// What was made of a document: an API description, how sure each part is, and what is missing.
package struct APIDerivation: Sendable {
    /// With ``YAMLReader/blank`` where something that is needed could not be told.
    package let description: APIDescription
    /// What was found for each operation that was found.
    package let findings: [Operation: Finding]
    /// Operations with several candidates that are equally good: a person has to pick one.
    package let ties: [Operation: [OperationCandidate]]
    /// What has to be filled in before the description can be used, as `operations.getJob.path`.
    package let blanks: [String]
    /// What should be looked at, and does not stand in the way.
    package let notes: [String]
    /// Choices of a person that cannot be, and why.
    package let wrongPicks: [String]

    /// The candidate that was taken.
    package struct Finding: Sendable {
        /// The best one, or the one that was picked.
        package let candidate: OperationCandidate
        /// True if a person picked it.
        package let isPicked: Bool
    }

    /// A choice made by a person: an operation and its method and path in the document.
    package struct Pick: Hashable, Sendable {
        /// The operation of ours.
        package let operation: Operation
        /// As `POST /workflows/execute`.
        package let title: String

        /// Reads `executeWorkflow=POST /workflows/execute`; `nil` for anything else.
        package init?(_ text: String) {
            let sides = text.split(separator: "=", maxSplits: 1)
            guard sides.count == 2, let operation = Operation(rawValue: String(sides[0])) else { return nil }
            let words = sides[1].split(separator: " ")
            guard words.count == 2, words[1].hasPrefix("/") else { return nil }
            self.operation = operation
            title = words[0].uppercased() + " " + words[1]
        }
    }

    /// True if the description can be used as it is.
    package var isComplete: Bool { blanks.isEmpty && wrongPicks.isEmpty }
}
