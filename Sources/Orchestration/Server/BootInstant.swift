/// An instant by a clock that nobody sets: since the machine was booted.
///
/// Two of the same boot can be compared, whichever processes took them; it goes on while the machine sleeps.
package struct BootInstant: Hashable, Sendable {
    /// Which boot.
    package var boot: String
    /// Since the boot.
    package var elapsed: Duration

    /// An instant of a boot.
    package init(boot: String, elapsed: Duration) {
        self.boot = boot
        self.elapsed = elapsed
    }
}
