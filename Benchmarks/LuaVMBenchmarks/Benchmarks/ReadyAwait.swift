import Benchmark
import LuaVM

/// A task calls a function that waits, and the host answers at once with the integer it was given. Floor: a C host
/// that resumes a coroutine, whose C function yields with a continuation. The loop is taken off both.
func readyAwait() {
    Benchmark("ready-await", configuration: .comparison) { benchmark in
        let vm = try LuaVM(limits: .usual)
        vm.register(waiting: "wait")
        let stock = try StockLua()
        let script = "local n, wait, x = ..., wait; for _ = 1, n do x = wait(1) end"
        try Samples().compare(
            benchmark,
            subject: vm.contestant(script),
            floor: stock.waitingContestant(script),
            loop: stock.contestant("local n, x = ...; for _ = 1, n do x = 1 end")
        )
    }
}
