import Benchmark

extension BenchmarkMetric {
    /// A thousand times what the subject takes for each unit of time that the floor takes. Thresholds are of this.
    static var ratio: BenchmarkMetric { own("ratio × 1000") }
    /// Nanoseconds of the subject, for information: they depend on the machine.
    static var subject: BenchmarkMetric { own("subject, ns") }
    /// Nanoseconds of the floor, for information.
    static var floor: BenchmarkMetric { own("floor, ns") }
    /// Megabytes by which the resident memory of the process grew, rounded up.
    static var resident: BenchmarkMetric { own("resident, MB") }

    private static func own(_ name: String) -> BenchmarkMetric {
        .custom(name, polarity: .prefersSmaller, useScalingFactor: false)
    }
}

extension Benchmark.Configuration {
    /// For a benchmark that takes its own samples and reports their medians, so that it runs once.
    static func medians(_ metrics: [BenchmarkMetric]) -> Benchmark.Configuration {
        Benchmark.Configuration(
            metrics: metrics,
            units: Dictionary(uniqueKeysWithValues: metrics.map { ($0, .count) }),
            warmupIterations: 0,
            maxDuration: .seconds(60),
            maxIterations: 1
        )
    }

    /// Of a benchmark with a floor.
    static var comparison: Benchmark.Configuration { medians([.ratio, .subject, .floor]) }
}
