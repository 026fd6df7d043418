package import LuaVM

/// What a run is begun with.
package struct RunConfiguration: Sendable {
    /// What is kept with the run.
    package var beginning: RunBeginning

    /// What the script may use.
    package var limits: LuaLimits

    /// Where a session finds modules; what other scripts require is kept with the run. `nil` for a name there is none of.
    package var findModule: (@Sendable (String) -> LuaModule?)?

    /// What a script may use unless the configuration says otherwise.
    package static let usualLimits = LuaLimits(time: .seconds(10), memory: 256 << 20, waits: 100_000)

    /// A run that begins with that, or goes on with it.
    package init(_ beginning: RunBeginning, limits: LuaLimits = usualLimits) {
        self.beginning = beginning
        self.limits = limits
    }
}
