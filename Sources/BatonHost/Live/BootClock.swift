import Foundation
import Orchestration

#if canImport(Glibc)
// Depending on what it compiles together, the compiler finds timespec there.
import CoreFoundation
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The machine's clock since its boot. Nobody sets it, and it goes on while the machine sleeps.
enum BootClock {
    /// The present instant; `nil` where the system does not say which boot it is.
    static var now: BootInstant? {
        #if os(Linux)
        // Read every time: a process that was moved to another machine is in another boot.
        let text = try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)
        let boot = (text ?? "").filter { !$0.isWhitespace }.prefix(8)
        var time = timespec()
        guard boot.count == 8, clock_gettime(CLOCK_BOOTTIME, &time) == 0 else { return nil }
        return BootInstant(
            boot: String(boot), elapsed: .seconds(Int64(time.tv_sec)) + .nanoseconds(Int64(time.tv_nsec)))
        #else
        return nil
        #endif
    }
}
