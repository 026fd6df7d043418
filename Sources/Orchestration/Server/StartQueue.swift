import DataStudio
import DequeModule
import HeapModule

/// Starts that wait for a slot and for their gate, in the order they were asked for. Of each workflow at most one leaves
/// the queue at a time: it closes the workflow's gate until it is known what became of it.
///
/// Whatever is done costs the same however many wait.
struct StartQueue: Sendable {
    private struct Entry: Sendable {
        let step: NodeID
        let start: WorkflowStart
        let number: Int
    }

    /// A workflow whose next start may leave.
    private struct Head: Comparable, Sendable {
        /// Of that start.
        let number: Int
        let label: String

        static func < (a: Head, b: Head) -> Bool { a.number < b.number }
    }

    private var queues: [String: Deque<Entry>] = [:]
    /// The steps that wait, with the numbers of their entries: one that is withdrawn has none.
    private var waiting: [NodeID: Int] = [:]
    /// How many starts of a workflow are on their way.
    private var closed: [String: Int] = [:]
    private var heads = Heap<Head>()
    private var last = 0
    /// Those that nobody was told of as waiting.
    private var untold: Deque<NodeID> = []

    /// How many wait.
    var count: Int { waiting.count }

    var isEmpty: Bool { waiting.isEmpty }

    /// Adds a start.
    mutating func append(_ start: WorkflowStart, for step: NodeID) {
        last += 1
        waiting[step] = last
        untold.append(step)
        queues[start.label, default: []].append(Entry(step: step, start: start, number: last))
        if queues[start.label]?.count == 1, closed[start.label] == nil {
            heads.insert(Head(number: last, label: start.label))
        }
    }

    /// Takes a start back.
    ///
    /// - Returns: false if it does not wait.
    mutating func remove(_ step: NodeID) -> Bool {
        waiting.removeValue(forKey: step) != nil
    }

    /// Starts of the workflow are on their way: none of it leaves the queue until each of them has called ``open(_:)``.
    mutating func close(_ label: String) {
        closed[label, default: 0] += 1
    }

    /// It is known what became of a start of the workflow.
    mutating func open(_ label: String) {
        guard let count = closed[label] else { return }
        closed[label] = count > 1 ? count - 1 : nil
        if count == 1, let first = queues[label]?.first { heads.insert(Head(number: first.number, label: label)) }
    }

    /// The next start that may leave; its workflow is closed then.
    mutating func next() -> (step: NodeID, start: WorkflowStart)? {
        while let head = heads.popMin() {
            // One of before the workflow was closed counts no more.
            guard closed[head.label] == nil, queues[head.label]?.first?.number == head.number,
                let entry = queues[head.label]?.popFirst()
            else { continue }
            if queues[head.label]?.isEmpty == true { queues[head.label] = nil }
            guard waiting[entry.step] == entry.number else {
                if let first = queues[head.label]?.first { heads.insert(Head(number: first.number, label: head.label)) }
                continue
            }
            waiting[entry.step] = nil
            close(head.label)
            if waiting.isEmpty { untold = [] }
            return (entry.step, entry.start)
        }
        return nil
    }

    /// Those that wait and of which this was not asked before.
    mutating func takeUntold() -> [NodeID] {
        defer { untold = [] }
        return untold.filter { waiting[$0] != nil }
    }
}
