package import DataStudio
import HeapModule

/// Events by their time, and of one time by the order they were added in.
package struct EventQueue<Event> {
    private struct Entry: Comparable {
        let at: Timestamp
        let order: Int
        let event: Event

        static func < (a: Entry, b: Entry) -> Bool { (a.at, a.order) < (b.at, b.order) }
        static func == (a: Entry, b: Entry) -> Bool { a.order == b.order }
    }

    private var heap = Heap<Entry>()
    private var order = 0

    /// An empty queue.
    package init() {}

    /// Adds what is to happen at a time.
    package mutating func add(_ event: Event, at time: Timestamp) {
        order += 1
        heap.insert(Entry(at: time, order: order, event: event))
    }

    /// Takes out what happens next, and when; `nil` when there is nothing.
    package mutating func next() -> (Timestamp, Event)? {
        heap.popMin().map { ($0.at, $0.event) }
    }
}
