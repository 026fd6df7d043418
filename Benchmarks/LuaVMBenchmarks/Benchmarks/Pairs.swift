import Benchmark
import LuaVM

/// `pairs` over a thousand integers in a row. Floor: that of stock Lua.
func pairsOverArray() { pairs("pairs-over-array", key: "i") }

/// `pairs` over a thousand strings. Floor: that of stock Lua, which has no order to keep.
func pairsOverStrings() { pairs("pairs-over-strings", key: "'key ' .. i") }

private func pairs(_ name: String, key: String) {
    Benchmark(name, configuration: .comparison) { benchmark in
        let script = """
            local n, x = ...
            if not t then t = {}; for i = 1, 1000 do t[\(key)] = i end end
            for _ = 1, n do for _, v in pairs(t) do x = v end end
            """
        try Samples().compare(
            benchmark,
            subject: LuaVM(limits: .usual).contestant(script),
            floor: StockLua().contestant(script)
        )
    }
}
