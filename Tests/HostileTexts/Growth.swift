import Foundation

/// How the time of some work grows with the size of its input.
package enum Growth {
    /// More than that is no linear growth: from one size to its eightfold a linear time grows to the eightfold, give or take
    /// caches and noise, a quadratic one to the 64-fold.
    package static let most = 24.0

    /// How many times as long the work takes for eight times the size.
    ///
    /// - Parameters:
    ///   - size: so large that the work takes some tenths of a millisecond at least.
    ///   - input: is made outside of what is measured.
    package static func factor<Input>(from size: Int, input: (Int) throws -> Input, work: (Input) -> Void) rethrows
        -> Double
    {
        let (small, large) = (try input(size), try input(8 * size))
        return time(3) { work(large) } / max(time(7) { work(small) }, 1e-4)
    }

    /// The shortest of several times, in seconds of this thread's processor time: other work does not count.
    private static func time(_ tries: Int, _ work: () -> Void) -> Double {
        (0..<tries).map { _ in
            let start = processorTime
            work()
            return processorTime - start
        }.min() ?? 0
    }

    private static var processorTime: Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
