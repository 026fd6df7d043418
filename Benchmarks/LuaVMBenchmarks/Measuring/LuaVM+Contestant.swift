import LuaVM

extension LuaVM {
    /// Gives what runs the chunk as a task, with the number of operations as its argument. Its waits are answered at
    /// once with what they were given.
    func contestant(_ text: String) throws -> Samples.Contestant {
        let chunk = try load(text, name: "benchmark.lua")
        return { operations in
            self.spawn(chunk, arguments: [.integer(Int64(operations))])
            while let event = self.next() {
                switch event {
                case .request(let request): self.resume(request.token, returning: request.arguments)
                case .ended(_, .returned): break
                case .ended(_, let outcome): throw BenchmarkFailure("the task ended: \(outcome)")
                }
            }
        }
    }
}
