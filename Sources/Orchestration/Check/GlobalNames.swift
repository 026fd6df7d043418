import DataStudio
import LuaSyntax
import LuaVM

/// The globals of a script with its modules: what they may mean.
struct GlobalNames: SyntaxVisitor {
    /// Those that some text gives a value.
    private(set) var assigned: Set<String> = []
    /// Those that some text asks about, as in `if jit then` and `T == nil`: what is behind that is for where there is one.
    private(set) var tested: Set<String> = []
    /// Names that all texts give to something, locals and fields included: what a misspelt one may have been.
    private(set) var given: Set<String> = []
    /// What may have been meant by a name that nothing gives a value.
    private(set) var spelling = SpellingSearch(among: [])
    /// Fields that some text sets, as `string.trim`.
    private var setFields: Set<String> = []
    /// True if the texts may make globals that they do not show.
    private(set) var mayBeHidden = false

    private static let hiding: Set<String> = ["_G", "load", "rawset"]

    /// Those of these texts.
    init(_ texts: [SourceText]) {
        for text in texts {
            walk(text.block)
            if text.tokens.contains(where: { $0.isName("_ENV") }) { mayBeHidden = true }
        }
        spelling = SpellingSearch(among: RunMachine.globals.union(given).sorted())
    }

    /// True if nothing gives the global that the path begins with another meaning than the library does.
    func isOfLibrary(_ path: String) -> Bool {
        let name = String(path.prefix { $0 != "." })
        return !assigned.contains(name) && !setFields.contains(path) && !mayBeHidden
    }

    /// True if a field of that path is set somewhere.
    func sets(_ path: String) -> Bool { setFields.contains(path) }

    /// The tables of Lua and of the library with what they have.
    static let fields: [String: Set<String>] = {
        var fields: [String: Set<String>] = [:]
        for path in Signature.library.keys.map({ $0.split(separator: ".").map(String.init) }) where path.count == 2 {
            fields[path[0], default: []].insert(path[1])
        }
        fields["json", default: []].insert("null")
        fields["run"] = ["id", "name", "script", "started", "date", "server"]
        let script = """
            local names = {}
            for _, library in ipairs { "string", "table", "math", "os", "utf8", "coroutine", "debug" } do
              for name in pairs(_G[library]) do names[#names + 1] = library .. "." .. name end
            end
            return table.concat(names, " ")
            """
        guard let vm = try? LuaVM(), let program = try? vm.load(script, name: "=fields") else { return fields }
        vm.spawn(program)
        guard case .ended(_, .returned(let values))? = vm.next() else { return fields }
        for path in values.first?.text?.split(separator: " ") ?? [] {
            let parts = path.split(separator: ".").map(String.init)
            fields[parts[0], default: []].insert(parts[1])
        }
        return fields
    }()

    // MARK: What is looked at

    mutating func visit(_ statement: Statement, isCertain: Bool) {
        switch statement.kind {
        case .local(let variables, _): given.formUnion(variables.map(\.name))
        case .localFunction(let variable, let body):
            given.insert(variable.name)
            given.formUnion(body.parameters.map(\.name))
        case .numericFor(let variable, _, _): given.insert(variable.name)
        case .genericFor(let variables, _, _): given.formUnion(variables.map(\.name))
        case .if(let branches, _): for branch in branches { test(branch.condition) }
        case .while(let condition, _), .repeat(_, let condition): test(condition)
        case .assignment(let targets, _): for target in targets { assign(target) }
        case .function(let target, let body):
            assign(target)
            given.formUnion(body.parameters.map(\.name))
        default: break
        }
    }

    mutating func visit(_ expression: Expression, isCertain: Bool) {
        switch expression.kind {
        case .function(let body): given.formUnion(body.parameters.map(\.name))
        case .name(let name, nil): if Self.hiding.contains(name) { mayBeHidden = true }
        case .unary("not", let operand): test(operand)
        case .binary(let first, let rest) where rest.contains { Self.tests.contains($0.symbol) }:
            test(first)
            for (_, operand) in rest { test(operand) }
        case .suffixed:
            if let call = expression.call, call.path == "type" { for argument in call.arguments { test(argument) } }
        default: break
        }
    }

    private static let tests: Set<String> = ["and", "or", "==", "~="]

    private mutating func test(_ expression: Expression) {
        switch expression.kind {
        case .name(let name, nil): tested.insert(name)
        case .parenthesised(let inner): test(inner)
        default: break
        }
    }

    private mutating func assign(_ target: Expression) {
        guard let path = target.globalPath else { return }
        if path.contains(".") {
            setFields.insert(path)
        } else {
            assigned.insert(path)
            given.insert(path)
        }
    }
}
