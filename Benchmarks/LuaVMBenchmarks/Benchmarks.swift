import Benchmark

/// What the plugin runs, each benchmark in a process of its own.
let benchmarks: @Sendable () -> Void = {
    luaToSwiftCall()
    readyAwait()
    suspendedTasks()
    limitNotFired()
    swiftErrorThroughPcall()
    pairsOverArray()
    pairsOverStrings()
    newVM()
    spawnAndEndTask()
}
