import Benchmark
import LuaVM

/// A Swift function throws, and the script catches it. Floor: a C function calls `lua_error`. The loop is taken off
/// both.
func swiftErrorThroughPcall() {
    Benchmark("swift-error-through-pcall", configuration: .comparison) { benchmark in
        let vm = try LuaVM(limits: .usual)
        vm.register("fail") { _ in throw LuaError("no") }
        let stock = try StockLua()
        let script = "local n, pcall, fail = ..., pcall, fail; for _ = 1, n do pcall(fail) end"
        try Samples().compare(
            benchmark,
            subject: vm.contestant(script),
            floor: stock.contestant(script),
            loop: stock.contestant("local n = ...; for _ = 1, n do end")
        )
    }
}
