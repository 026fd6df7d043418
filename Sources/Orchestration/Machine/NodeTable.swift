/// Nodes, or what belongs to them, in the order they began. Numbers are given in order: an array is faster than a dictionary.
struct NodeTable<Value>: Sequence {
    private var slots: [Value?] = []
    private(set) var count = 0

    subscript(id: NodeID) -> Value? {
        get { slots.indices.contains(id.number) ? slots[id.number] : nil }
        set {
            while slots.count <= id.number { slots.append(nil) }
            count += (newValue == nil ? 0 : 1) - (slots[id.number] == nil ? 0 : 1)
            slots[id.number] = newValue
        }
    }

    var values: some Sequence<Value> { slots.lazy.compactMap { $0 } }

    func makeIterator() -> AnyIterator<(key: NodeID, value: Value)> {
        var entries = slots.enumerated().makeIterator()
        return AnyIterator {
            while let (number, value) = entries.next() {
                if let value { return (NodeID(number: number), value) }
            }
            return nil
        }
    }
}
