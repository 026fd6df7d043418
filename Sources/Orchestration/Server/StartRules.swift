/// What is known of a server that decides how starts in doubt are settled.
package struct StartRules: Hashable, Sendable {
    /// How soon after a start its job is listed at the latest; behind a proxy, the proxy's time-out.
    package var settle: Duration
    /// True if nobody but this journal's runs starts workflows there.
    package var isExclusive: Bool
    /// How many pages of the list are read back to find a start in doubt.
    package var mostPages: Int

    /// The rules of a server that is asked directly.
    package init(settle: Duration = .seconds(1), isExclusive: Bool = false, mostPages: Int = 50) {
        self.mostPages = mostPages
        self.settle = settle
        self.isExclusive = isExclusive
    }
}
