/// What is known of a server that decides how starts in doubt are settled.
package struct StartRules: Hashable, Sendable {
    /// How soon after a start its job is listed at the latest; behind a proxy, the proxy's time-out.
    package var settle: Duration
    /// True if nobody but this journal's runs starts workflows there.
    package var isExclusive: Bool

    /// The rules of a server that is asked directly.
    package init(settle: Duration = .seconds(1), isExclusive: Bool = false) {
        self.settle = settle
        self.isExclusive = isExclusive
    }
}
