import LuaVM

extension LuaLimits {
    /// Limits that a benchmark does not reach.
    static let usual = LuaLimits(time: .seconds(10), memory: 256 << 20)
}

extension LuaVM {
    /// Gives what runs the chunk as a task, with the number of operations as its argument. Its waits are answered at
    /// once with what they were given.
    func contestant(_ text: String) throws -> Samples.Contestant {
        let chunk = try load(text, name: "benchmark.lua")
        return { operations in
            self.spawn(chunk, arguments: [.integer(Int64(operations))])
            while let event = self.next() {
                switch event {
                case .request(let request): self.resume(request.token, returning: request.argument(0))
                case .ended(_, .returned), .interrupted: break
                case .ended(_, let outcome): throw BenchmarkFailure("the task ended: \(outcome)")
                }
            }
        }
    }
}
