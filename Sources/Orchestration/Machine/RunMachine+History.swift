import DataStudio
import LuaVM

/// What scripts ask of earlier runs.
extension RunMachine {
    func history(_ request: LuaRequest, _ caller: NodeID) throws(ArgumentError) {
        guard let name = request.argument(0).text, !name.isEmpty else {
            throw ArgumentError("the name of a step was expected, a text; got \(request.argument(0).article)")
        }
        var limit = 20
        switch request.argument(1) {
        case .nil: break
        case .integer(let number) where (1...1000).contains(number): limit = Int(number)
        case let other: throw ArgumentError("how many is a whole number from 1 to 1000; got \(other.article)")
        }
        ask(
            .history(request.token), key: nextKey("history", in: caller), server: nil,
            .history(name: name, limit: limit))
    }
}

extension PastStep {
    var luaValue: LuaValue {
        .table(
            LuaTable(fields: [
                "started": .integer(started.seconds), "duration": .number(duration.seconds),
                "state": .string(state.rawValue),
            ]))
    }
}
