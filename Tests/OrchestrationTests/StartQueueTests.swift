import DataStudio
import Testing

@testable import Orchestration

@Suite struct StartQueueTests {
    /// Against a list that is searched anew each time.
    @Test func `starts leave in order, one of a workflow at a time`() {
        for seed in 0..<200 as Range<UInt64> {
            var random = SplitMix(seed: seed)
            var queue = StartQueue()
            var model: [(step: Int, label: String)] = []
            var closed: [String: Int] = [:]
            for step in 1...300 {
                let label = ["a", "b", "c", "d"][Int(random.next() % 4)]
                switch random.next() % 8 {
                case 0...2:
                    queue.append(WorkflowStart(label: label), for: NodeID(number: step))
                    model.append((step, label))
                case 3:
                    let other = Int(random.next() % UInt64(step))
                    let waits = model.contains { $0.step == other }
                    #expect(queue.remove(NodeID(number: other)) == waits)
                    model.removeAll { $0.step == other }
                case 4:
                    queue.close(label)
                    closed[label, default: 0] += 1
                case 5, 6:
                    queue.open(label)
                    if let count = closed[label] { closed[label] = count > 1 ? count - 1 : nil }
                default:
                    let index = model.firstIndex { closed[$0.label] == nil }
                    let next = queue.next()
                    #expect(next?.step.number == index.map { model[$0].step })
                    guard let index else { continue }
                    #expect(next?.start.label == model[index].label)
                    closed[model.remove(at: index).label] = 1
                }
                #expect(queue.count == model.count)
            }
        }
    }

    @Test func `each that waits is told of once`() {
        var queue = StartQueue()
        for step in 1...4 { queue.append(WorkflowStart(label: "\(step)"), for: NodeID(number: step)) }
        _ = queue.next()
        _ = queue.remove(NodeID(number: 3))
        #expect(queue.takeUntold().map(\.number) == [2, 4])
        #expect(queue.takeUntold().isEmpty)
    }
}
