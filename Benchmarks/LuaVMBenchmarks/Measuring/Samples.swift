import Benchmark

/// How a benchmark takes its samples.
///
/// In a sample the contestants take turns of equal length, in alternating order: whatever else the machine does, it
/// does to all of them. The fastest turn of each counts, the one that nothing got in the way of. What is reported is
/// the median of the samples.
struct Samples {
    /// How many operations the nanoseconds are reported for.
    private let reported: Int

    /// An odd number, which has a median.
    private let samples = 51
    /// Turns of each contestant within one sample.
    private let turns = 6
    /// Long against a clock reading, short against the time that a scheduler gives a process.
    private let turn = Duration.milliseconds(2)
    private let clock = ContinuousClock()

    /// Samples whose nanoseconds are those of `reported` operations.
    init(reported: Int = 1) { self.reported = reported }

    /// Does as many operations as it is told.
    typealias Contestant = (_ operations: Int) throws -> Void

    /// Times a subject against a floor, and reports their ratio and the times of both.
    ///
    /// - Parameter loop: what both do besides; its time is taken off both.
    func compare(
        _ benchmark: Benchmark, subject: @escaping Contestant, floor: @escaping Contestant, loop: Contestant? = nil
    ) throws {
        let values = try medians([subject, floor] + (loop.map { [$0] } ?? [])) { times in
            let besides = times.count > 2 ? times[2] : 0
            let subject = times[0] - besides
            let floor = times[1] - besides
            return [subject, floor, subject / floor]
        }
        benchmark.measurement(.subject, Int(values[0].rounded()))
        benchmark.measurement(.floor, Int(values[1].rounded()))
        benchmark.measurement(.ratio, Int((values[2] * 1000).rounded(.up)))
    }

    /// Times a subject that has no floor, and reports its time.
    func time(_ benchmark: Benchmark, subject: @escaping Contestant) throws {
        benchmark.measurement(.subject, Int(try medians([subject]) { $0 }[0].rounded()))
    }

    /// The medians of what `values` makes of each sample's nanoseconds.
    private func medians(_ contestants: [Contestant], of values: ([Double]) -> [Double]) throws -> [Double] {
        let sized = try contestants.map { ($0, operations: try operations(of: $0)) }
        let taken = try (0..<samples).map { _ in values(try sample(sized)) }
        return taken[0].indices.map { index in taken.map { $0[index] }.sorted()[samples / 2] }
    }

    /// How many operations fill a turn.
    private func operations(of contestant: Contestant) throws -> Int {
        var operations = 1
        while true {
            let time = try clock.measure { try contestant(operations) }
            if time >= turn / 2 { return max(1, Int(Double(operations) * (turn / time))) }
            operations *= 2
        }
    }

    private func sample(_ contestants: [(Contestant, operations: Int)]) throws -> [Double] {
        var times = [Double](repeating: .infinity, count: contestants.count)
        for turn in 0..<turns {
            let order = turn.isMultiple(of: 2) ? Array(contestants.indices) : contestants.indices.reversed()
            for index in order {
                let (contestant, operations) = contestants[index]
                let time = try clock.measure { try contestant(operations) } / .nanoseconds(1)
                times[index] = min(times[index], time / Double(operations) * Double(reported))
            }
        }
        return times
    }
}
