/// Nodes, or what belongs to them, in the order they began. Numbers are given in order and are never used again: pages of
/// slots are faster than a dictionary, and a page of which nothing is left goes.
struct NodeTable<Value>: Sequence {
    private static var pageSize: Int { 64 }

    private struct Page {
        var slots: [Value?]
        var count = 0
    }

    private var pages: [Page?] = []
    /// How many there are.
    private(set) var count = 0

    subscript(id: NodeID) -> Value? {
        get {
            let (page, slot) = id.number.quotientAndRemainder(dividingBy: Self.pageSize)
            return pages.indices.contains(page) ? pages[page]?.slots[slot] : nil
        }
        set {
            let (page, slot) = id.number.quotientAndRemainder(dividingBy: Self.pageSize)
            while pages.count <= page { pages.append(nil) }
            guard newValue != nil || pages[page] != nil else { return }
            if pages[page] == nil { pages[page] = Page(slots: Array(repeating: nil, count: Self.pageSize)) }
            let change = (newValue == nil ? 0 : 1) - (pages[page]?.slots[slot] == nil ? 0 : 1)
            pages[page]?.slots[slot] = newValue
            pages[page]?.count += change
            count += change
            if pages[page]?.count == 0 { pages[page] = nil }
        }
    }

    var values: some Sequence<Value> { pages.lazy.compactMap { $0 }.flatMap { $0.slots.lazy.compactMap { $0 } } }

    func makeIterator() -> AnyIterator<(key: NodeID, value: Value)> {
        var (page, slot) = (0, 0)
        return AnyIterator {
            while page < pages.count {
                guard let slots = pages[page]?.slots, slot < slots.count else {
                    (page, slot) = (page + 1, 0)
                    continue
                }
                defer { slot += 1 }
                if let value = slots[slot] { return (NodeID(number: page * Self.pageSize + slot), value) }
            }
            return nil
        }
    }
}
