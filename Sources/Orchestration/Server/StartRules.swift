/// What is known of a server that decides how starts in doubt are settled.
package struct StartRules: Hashable, Sendable {
    /// How soon after a start its job is listed at the latest; behind a proxy, the proxy's time-out. `nil`: nobody has said,
    /// and what jobs of ours have shown counts.
    package var settle: Duration?
    /// True if nobody but this journal's runs starts workflows there.
    package var isExclusive: Bool
    /// True if the server is known to keep its jobs when it is restarted: then one that lists none has none.
    package var keepsJobs: Bool
    /// How many pages of the list are read back to find a start in doubt.
    package var mostPages: Int

    /// The rules of a server that is asked directly.
    package init(settle: Duration? = nil, isExclusive: Bool = false, keepsJobs: Bool = false, mostPages: Int = 50) {
        self.mostPages = mostPages
        self.settle = settle
        self.isExclusive = isExclusive
        self.keepsJobs = keepsJobs
    }
}
