extension Duration {
    /// Rounded down, from 1 up; what is too long is the longest there is.
    var nanoseconds: UInt64 {
        let (seconds, attoseconds) = components
        guard seconds >= 0, attoseconds >= 0 else { return 1 }
        let (product, overflow) = UInt64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
        return overflow || product > UInt64.max / 4
            ? UInt64.max / 4 : max(1, product + UInt64(attoseconds / 1_000_000_000))
    }
}
