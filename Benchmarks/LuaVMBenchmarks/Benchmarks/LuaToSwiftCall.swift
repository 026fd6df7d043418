import Benchmark
import LuaVM

/// A script calls a Swift function that takes an integer and returns it. Floor: a C function that does the same. The
/// loop around the calls is taken off both.
func luaToSwiftCall() {
    Benchmark("lua-to-swift-call", configuration: .comparison) { benchmark in
        let vm = try LuaVM(limits: .usual)
        vm.register("f") { call -> LuaValue in
            guard case .integer(let value) = call.argument(0) else { return .nil }
            return .integer(value)
        }
        let stock = try StockLua()
        let script = "local n, f, x = ..., f; for _ = 1, n do x = f(1) end"
        try Samples().compare(
            benchmark,
            subject: vm.contestant(script),
            floor: stock.contestant(script),
            loop: stock.contestant("local n, x = ...; for _ = 1, n do x = 1 end")
        )
    }
}
