/// Why a run cannot be retried.
package struct RetryError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is in the way and what to do, for a person.
    package let description: String

    init(_ description: String) {
        self.description = description
    }

    init(severalSteps name: String, _ numbers: [Int]) {
        let numbers = numbers.map(String.init).joined(separator: ", ")
        self.init("\"\(name)\" stands for more than one step: give its number, one of \(numbers)")
    }
}
