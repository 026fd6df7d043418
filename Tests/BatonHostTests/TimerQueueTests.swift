import DataStudio
import Orchestration
import Testing

@testable import BatonHost

@Suite struct TimerQueueTests {
    private let zero = ContinuousClock.now

    private func timer(_ event: ConductorEvent) -> Int {
        if case .machine(.timerFired(let id)) = event { id.number } else { 0 }
    }

    /// Against a list that is searched anew each time.
    @Test func `timers are due in order, each once, and cancelled ones never`() {
        for seed in 0..<50 as Range<UInt64> {
            var random = SplitMix(seed: seed)
            var queue = TimerQueue()
            var model: [(at: Int, number: Int)] = []
            var now = 0
            for number in 1...400 {
                switch random.next() % 4 {
                case 0, 1:
                    let at = now + Int(random.next() % 50)
                    let id = TimerID(number: number)
                    queue.set(.machine(.timerFired(id)), at: zero + .seconds(at), id: id)
                    model.append((at, number))
                case 2:
                    let id = Int(random.next() % UInt64(number))
                    queue.cancel(TimerID(number: id))
                    model.removeAll { $0.number == id }
                default:
                    now += Int(random.next() % 20)
                    let due = model.filter { $0.at <= now }.sorted { ($0.at, $0.number) < ($1.at, $1.number) }
                    #expect(queue.takeDue(at: zero + .seconds(now)).map(timer) == due.map(\.number))
                    model.removeAll { $0.at <= now }
                }
                if let first = model.map(\.at).min() {
                    // Never too late; one that was cancelled may wake it earlier.
                    #expect(queue.next.map { $0 <= zero + .seconds(first) } == true)
                }
            }
        }
    }

    @Test func `what is cancelled is let go of`() {
        var queue = TimerQueue()
        for number in 1...10_000 {
            let id = TimerID(number: number)
            queue.set(.machine(.timerFired(id)), at: zero + .seconds(1000 + number), id: id)
            queue.cancel(id)
        }
        #expect(queue.count < 200)
    }

    @Test func `a timer that is set again fires once, at the later time`() {
        var queue = TimerQueue()
        let id = TimerID(number: 1)
        queue.set(.machine(.timerFired(id)), at: zero + .seconds(1), id: id)
        queue.set(.machine(.timerFired(id)), at: zero + .seconds(5), id: id)
        #expect(queue.takeDue(at: zero + .seconds(2)).isEmpty)
        #expect(queue.takeDue(at: zero + .seconds(5)).count == 1)
    }
}
