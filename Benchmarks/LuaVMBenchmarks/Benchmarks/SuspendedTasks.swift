import Benchmark
import LuaVM

/// By how much the process grows when 100 000 tasks of one function wait. What the host keeps to answer them counts.
func suspendedTasks() {
    Benchmark("suspended-tasks", configuration: .medians([.resident])) { benchmark in
        let count = 100_000
        let vm = try LuaVM(limits: .usual)
        vm.register(waiting: "wait")
        let function = try vm.load("wait(1)", name: "benchmark.lua")
        let before = try residentMemory()
        for _ in 0..<count { vm.spawn(function) }
        var tokens: [LuaToken] = []
        while case .request(let request) = vm.next() { tokens.append(request.token) }
        let growth = try residentMemory() - before
        guard tokens.count == count else { throw BenchmarkFailure("\(tokens.count) tasks wait") }
        benchmark.measurement(.resident, (growth + 999_999) / 1_000_000)
    }
}
