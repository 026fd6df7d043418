import Benchmark
import LuaVM

/// Making a VM with its sandbox, and letting go of it.
func newVM() {
    Benchmark("new-vm", configuration: .medians([.subject])) { benchmark in
        try Samples().time(benchmark) { operations in
            for _ in 0..<operations { blackHole(try LuaVM(limits: .usual)) }
        }
    }
}
