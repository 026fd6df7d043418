import LuaVM

/// Runs scripts whose host functions are answered by closures, and keeps what they print.
final class Script {
    let vm: LuaVM
    private(set) var requests: [LuaRequest] = []
    private(set) var outcome: LuaOutcome?

    /// - Parameter waiting: names of functions that wait.
    init(waiting: [String] = ["ask"]) throws {
        vm = try LuaVM()
        for name in waiting { vm.register(waiting: name) }
        let vm = vm
        let box = Box()
        self.box = box
        vm.register("show") { call in
            box.lines.append(call.arguments.map(Script.text).joined(separator: " "))
            return []
        }
    }

    private final class Box { var lines: [String] = [] }
    private let box: Box

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
    func run(_ text: String, answer: (LuaVM, LuaRequest) -> Void = { $0.resume($1.token, returning: $1.arguments) })
        throws
        -> LuaOutcome?
    {
        let main = vm.spawn(try vm.load(text, name: "test.lua"))
        while let event = vm.next() {
            switch event {
            case .request(let request):
                requests.append(request)
                answer(vm, request)
            case .ended(let task, let result): if task == main { outcome = result }
            }
        }
        return outcome
    }

    /// The error the chunk raised.
    var error: LuaError? {
        if case .raised(let error) = outcome { error } else { nil }
    }
}
