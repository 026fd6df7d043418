package import LuaVM

/// What a run is begun with.
package struct RunConfiguration: Sendable {
    /// What messages call the script: its file's name.
    package var scriptName: String
    /// The script itself, in Lua.
    package var scriptText: String
    /// The script's `...` and `arg`.
    package var arguments: [String]
    /// The seed of `math.random`.
    package var seed: UInt64
    /// The servers a script may name, with the space each starts workflows in.
    package var spaces: [String: String?]
    /// The space on the run's own server.
    package var space: String?

    /// What the script may use.
    package var limits: LuaLimits

    /// What a script may use unless the configuration says otherwise.
    package static let usualLimits = LuaLimits(time: .seconds(10), memory: 256 << 20, waits: 100_000)

    /// A run of that script; without more, it knows no servers but its own.
    package init(
        scriptName: String, scriptText: String, arguments: [String] = [], seed: UInt64,
        spaces: [String: String?] = [:], space: String? = nil, limits: LuaLimits = usualLimits
    ) {
        self.scriptName = scriptName
        self.scriptText = scriptText
        self.arguments = arguments
        self.seed = seed
        self.spaces = spaces
        self.space = space
        self.limits = limits
    }
}
