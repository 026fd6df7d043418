/// Lines at the end of a terminal that are drawn over again and again.
struct LiveRegion {
    private var drawn = 0

    /// What a terminal has to be sent to show these lines in the place of those that are there.
    mutating func show(_ lines: some Collection<String>) -> String {
        let up = drawn > 0 ? "\u{1B}[\(drawn)A\r" : ""
        drawn = lines.count
        return up + lines.map { $0 + "\u{1B}[K\n" }.joined() + "\u{1B}[J"
    }

    /// What it has to be sent to show none; `nil` if there are none.
    mutating func erase() -> String? {
        guard drawn > 0 else { return nil }
        defer { drawn = 0 }
        return "\u{1B}[\(drawn)A\r\u{1B}[J"
    }
}
