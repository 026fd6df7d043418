/// The number of a step or task of a run, from 1, in the order they began.
package struct NodeID: Hashable, Comparable, Sendable {
    package let number: Int

    package init(number: Int) {
        self.number = number
    }

    package static func < (a: NodeID, b: NodeID) -> Bool { a.number < b.number }
}
