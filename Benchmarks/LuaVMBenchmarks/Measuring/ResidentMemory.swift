import Foundation

/// The resident memory of this process in bytes.
///
/// - Throws: where there is no `/proc`.
func residentMemory() throws -> Int {
    let fields = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")
    guard fields.count > 1, let pages = Int(fields[1]) else {
        throw BenchmarkFailure("/proc/self/statm is not what it used to be")
    }
    return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
}
