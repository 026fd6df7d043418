package import DataStudio
package import LuaVM

/// What a run is begun with.
package struct RunConfiguration: Sendable {
    /// What is kept with the run.
    package var beginning: RunBeginning

    /// What the script may use.
    package var limits: LuaLimits
    /// How long its log may become.
    package var logLimit: LogLimit

    /// The rules of the zone that ``RunBeginning/zone`` names.
    package let zone: ZoneRules

    /// Where a session finds modules; what other scripts require is kept with the run. `nil` for a name there is none of.
    package var findModule: (@Sendable (String) -> LuaModule?)?

    /// What a script may use unless the configuration says otherwise.
    package static let usualLimits = LuaLimits(time: .seconds(10), memory: 256 << 20, waits: 100_000)

    /// A run that begins with that, or goes on with it.
    ///
    /// - Parameter zone: may be left out if the beginning names none.
    package init(
        _ beginning: RunBeginning, limits: LuaLimits = usualLimits, logLimit: LogLimit = LogLimit(),
        zone: ZoneRules = .utc
    ) {
        self.beginning = beginning
        self.limits = limits
        self.logLimit = logLimit
        self.zone = zone
    }
}
