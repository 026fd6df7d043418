import LuaVM

/// A host function that waits, in ten lines: `scripts/swift run lua-host-example`.
@main struct Example {
    static func main() async throws {
        let host = try LuaHost()
        await host.register("sleep") { arguments in
            try await Task.sleep(for: .seconds(arguments.first?.double ?? 0))
            return []
        }
        try await host.run(
            """
            local function slow(name, seconds) return function() sleep(seconds) print(name) return name end end
            local results = parallel(slow("second", 0.2), slow("first", 0.1))
            print(results.n .. " tasks: " .. table.concat(results, ", "))
            """)
    }
}
