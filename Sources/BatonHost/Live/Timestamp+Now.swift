package import DataStudio
import Foundation

extension Timestamp {
    /// The wall clock's instant.
    package static var now: Timestamp {
        Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
    }
}
