/// The number of a step or task of a run, from 1, in the order they began.
package struct NodeID: Hashable, Comparable, Sendable {
    /// 0 is the script itself.
    package let number: Int

    /// The id of the node with that number.
    package init(number: Int) {
        self.number = number
    }

    /// What began earlier comes first.
    package static func < (a: NodeID, b: NodeID) -> Bool { a.number < b.number }
}
