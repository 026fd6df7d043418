/// All that is wrong with a scenario, at once.
package struct ScenarioError: Error, Hashable, Sendable, CustomStringConvertible {
    /// In the order of their lines; at least one.
    package let problems: [Problem]

    /// One thing that is wrong.
    package struct Problem: Hashable, Sendable, CustomStringConvertible {
        /// The keys that lead there, joined by dots; empty for the file as a whole.
        package var place: String = ""
        /// From 1; `nil` if unknown.
        package var line: Int?
        /// What is wrong and what it has to be.
        package var message: String

        /// The message with its place and line in front, as far as they are known.
        package var description: String {
            switch (place.isEmpty, line) {
            case (true, _): message
            case (false, nil): "\(place): \(message)"
            case (false, let line?): "\(place) (line \(line)): \(message)"
            }
        }
    }

    /// One line for each problem.
    package var description: String { problems.map(\.description).joined(separator: "\n") }
}
