import Foundation

extension URL {
    /// False for a port that is none: the HTTP client traps at one above 65535.
    var hasValidPort: Bool { port.map { (1...65_535).contains($0) } ?? true }
}
