import CFloor

/// The floor: one state of stock Lua, driven from C. ``CFloor`` says which functions scripts find in it.
final class StockLua {
    private let lua: OpaquePointer

    /// A new state with the standard library.
    init() throws {
        guard let lua = floor_new() else { throw BenchmarkFailure("stock Lua: not enough memory") }
        self.lua = lua
    }

    deinit { floor_free(lua) }

    /// Gives what calls the chunk with the number of operations, protected.
    func contestant(_ text: String) throws -> Samples.Contestant {
        let chunk = try load(text)
        return { operations in
            guard floor_run(self.lua, chunk, Int64(operations)) else { throw BenchmarkFailure("stock Lua raised") }
        }
    }

    /// As ``contestant(_:)``, in a coroutine whose waits are answered at once with what they were given.
    func waitingContestant(_ text: String) throws -> Samples.Contestant {
        let chunk = try load(text)
        return { operations in
            guard floor_run_waiting(self.lua, chunk, Int64(operations)) else {
                throw BenchmarkFailure("stock Lua raised")
            }
        }
    }

    private func load(_ text: String) throws -> Int32 {
        let chunk = floor_load(lua, text)
        guard chunk >= 0 else { throw BenchmarkFailure("stock Lua does not parse the script") }
        return chunk
    }
}
