/// All that is wrong with a YAML document, at once.
package struct YAMLProblems: Error, Hashable, Sendable, CustomStringConvertible {
    /// In the order of their lines; at least one.
    package let problems: [Problem]

    /// One thing that is wrong.
    package struct Problem: Hashable, Sendable, CustomStringConvertible {
        /// The keys that lead there, joined by dots; empty for the document as a whole.
        package var place: String
        /// From 1; `nil` if unknown.
        package var line: Int?
        /// What is wrong and what it has to be.
        package var message: String

        /// A problem with the document as a whole, unless a place is given.
        package init(place: String = "", line: Int? = nil, message: String) {
            self.place = place
            self.line = line
            self.message = message
        }

        /// The message with its place and line in front, as far as they are known.
        package var description: String {
            switch (place.isEmpty, line) {
            case (true, _): message
            case (false, nil): "\(place): \(message)"
            case (false, let line?): "\(place) (line \(line)): \(message)"
            }
        }
    }

    /// The problems of a document; at least one. They are sorted by line.
    package init(_ problems: [Problem]) {
        self.problems = problems.sorted { ($0.line ?? 0) < ($1.line ?? 0) }
    }

    /// One line for each problem.
    package var description: String { problems.map(\.description).joined(separator: "\n") }
}
