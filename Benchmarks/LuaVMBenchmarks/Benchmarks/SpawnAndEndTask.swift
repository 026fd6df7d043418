import Benchmark
import LuaVM

/// A task of a function that does nothing, from `spawn` to its end.
func spawnAndEndTask() {
    Benchmark("spawn-and-end-task", configuration: .medians([.subject])) { benchmark in
        let vm = try LuaVM(limits: .usual)
        let function = try vm.load("", name: "benchmark.lua")
        try Samples().time(benchmark) { operations in
            for _ in 0..<operations {
                vm.spawn(function)
                guard case .ended(_, .returned) = vm.next() else { throw BenchmarkFailure("the task did not end") }
            }
        }
    }
}
