/// Why a benchmark could not measure anything.
struct BenchmarkFailure: Error, CustomStringConvertible {
    /// What went wrong.
    let description: String

    /// A failure with its reason.
    init(_ description: String) { self.description = description }
}
