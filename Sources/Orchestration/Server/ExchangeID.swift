/// The number of a request to a server, with all its tries.
package struct ExchangeID: Hashable, Comparable, Sendable {
    /// From 1, and used once for each server of a run.
    package let number: Int

    /// What began earlier comes first.
    package static func < (a: ExchangeID, b: ExchangeID) -> Bool { a.number < b.number }
}
