import HeapModule
import Orchestration

/// The timers of a live run, of which the earliest is slept for. A value: whoever drives it sleeps.
///
/// A timer that is cancelled costs nothing later: when half of the queue is of no use, it is built anew.
struct TimerQueue {
    private struct Entry: Comparable {
        let deadline: ContinuousClock.Instant
        /// In the order in which they were set: of two with one deadline the earlier comes first.
        let number: Int
        let id: TimerID?
        let event: ConductorEvent

        static func < (a: Entry, b: Entry) -> Bool { (a.deadline, a.number) < (b.deadline, b.number) }
        static func == (a: Entry, b: Entry) -> Bool { a.number == b.number }
    }

    private var heap = Heap<Entry>()
    /// The numbers of timers that can be cancelled.
    private var numbers: [TimerID: Int] = [:]
    private var cancelled = 0
    private var last = 0

    /// When the next timer is due; `nil` without any. It may be one that was cancelled.
    var next: ContinuousClock.Instant? { heap.min?.deadline }

    /// How many entries there are, with those that were cancelled.
    var count: Int { heap.count }

    /// Sets a timer.
    ///
    /// - Parameter id: by which it can be cancelled; one that is set again replaces the one before.
    mutating func set(_ event: ConductorEvent, at deadline: ContinuousClock.Instant, id: TimerID? = nil) {
        last += 1
        if let id, numbers.updateValue(last, forKey: id) != nil { cancelled += 1 }
        heap.insert(Entry(deadline: deadline, number: last, id: id, event: event))
    }

    /// Forgets a timer.
    mutating func cancel(_ id: TimerID) {
        guard numbers.removeValue(forKey: id) != nil else { return }
        cancelled += 1
        guard cancelled > 64, cancelled > heap.count / 2 else { return }
        heap = Heap(heap.unordered.filter(isSet))
        cancelled = 0
    }

    /// What is due by then, in order; it is set no longer.
    mutating func takeDue(at now: ContinuousClock.Instant) -> [ConductorEvent] {
        var due: [ConductorEvent] = []
        while let first = heap.min, first.deadline <= now {
            heap.removeMin()
            guard isSet(first) else {
                cancelled -= 1
                continue
            }
            if let id = first.id { numbers[id] = nil }
            due.append(first.event)
        }
        return due
    }

    private func isSet(_ entry: Entry) -> Bool {
        entry.id.map { numbers[$0] == entry.number } ?? true
    }
}
