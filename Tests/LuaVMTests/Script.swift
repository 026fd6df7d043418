import LuaVM

/// Runs scripts whose host functions are answered by closures, and keeps what they show.
final class Script {
    let vm: LuaVM
    /// Where the requests came from, in order.
    private(set) var requests: [LuaLocation?] = []
    private(set) var outcome: LuaOutcome?

    /// - Parameter waiting: names of functions that wait.
    init(waiting: [String] = ["ask"], limits: LuaLimits = LuaLimits(), seed: Int64 = 0) throws {
        vm = try LuaVM(limits: limits, seed: seed)
        for name in waiting { vm.register(waiting: name) }
        let box = Box()
        self.box = box
        vm.register("show") { call in
            box.lines.append(call.arguments.map(Script.text).joined(separator: " "))
            return []
        }
        vm.output = { box.lines.append($0) }
    }

    private final class Box { var lines: [String] = [] }
    private let box: Box

    /// The lines that `show` and `print` wrote.
    var shown: [String] { box.lines }

    private static func text(_ value: LuaValue) -> String {
        switch value {
        case .nil: "nil"
        case .boolean(let flag): "\(flag)"
        case .integer(let number): "\(number)"
        case .number(let number): "\(number)"
        case .string(let text): text
        case .bytes(let bytes): "\(bytes)"
        default: value.typeName
        }
    }

    /// Runs a chunk to its end. Every request is answered with its own arguments unless `answer` says otherwise.
    @discardableResult
    func run(
        _ text: String, name: String = "test.lua",
        answer: (LuaVM, LuaRequest) -> Void = { $0.resume($1.token, returning: $1.arguments) }
    ) throws -> LuaOutcome? {
        outcome = nil
        let main = vm.spawn(try vm.load(text, name: name))
        while let event = vm.next() {
            switch event {
            case .request(let request):
                requests.append(request.location)
                answer(vm, request)
            case .ended(let task, let result): if task == main { outcome = result }
            case .interrupted: break
            }
        }
        return outcome
    }

    /// The error the chunk raised, or that of the limit it ran into.
    var error: LuaError? {
        switch outcome {
        case .raised(let error)?, .exceeded(_, let error)?: error
        default: nil
        }
    }

    /// The limit the chunk ran into.
    var limit: LuaLimit? {
        if case .exceeded(let limit, _)? = outcome { limit } else { nil }
    }
}
