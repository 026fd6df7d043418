import Benchmark
import LuaVM

/// A loop in a VM, two hundred million times. Floor: the same loop in a `lua_pcall`. Times are those of a thousand.
func limitNotFired() {
    Benchmark("limit-not-fired", configuration: .comparison) { benchmark in
        let script = "local n, x = ..., 0; for i = 1, n do x = x + i end"
        try Samples(reported: 1_000).compare(
            benchmark,
            subject: LuaVM(limits: .usual).contestant(script),
            floor: StockLua().contestant(script)
        )
    }
}
