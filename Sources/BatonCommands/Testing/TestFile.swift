import BatonHost
import DataStudio
import Foundation
import JSON
import LuaVM
import Orchestration
import Rehearsal

/// A file of cases: a script of its own, which plays nights with others.
final class TestFile {
    private let path: String
    private let file: ScriptFile
    private let vm: LuaVM
    private var cases: [(name: String, function: LuaReference, line: Int)] = []
    private var output: [String] = []
    /// The file has been read, and its cases are called.
    private var isPlaying = false
    /// The last night of the case at hand, and what was wrong with it.
    private var night: (run: RehearsedRun, plan: RehearsalPlan, tree: RunTree)?
    private var missing: [String] = []
    private var surplus: Set<String> = []
    /// Scripts are read and checked once for all cases.
    private var setups: [String: Result<RehearsalSetup, any Error>] = [:]

    private static let library = "baton.test"
    private static let limits = LuaLimits(time: .seconds(20), memory: 256 << 20)

    /// Reads the file.
    ///
    /// - Throws: what is wrong with it.
    init(_ path: String) throws {
        self.path = path
        file = try ScriptFile(path)
        vm = try LuaVM(limits: Self.limits, seed: 1)
        try vm.openJSON()
        let finder = ModuleFinder(folders: [file.directory])
        let library = LuaModule(text: String(decoding: PackageResources.test_lua, as: UTF8.self), name: Self.library)
        vm.modules = { name in name == Self.library ? library : finder.module(name) }
        vm.output = { [unowned self] in output.append($0) }
        register()
    }

    private func register() {
        vm.register("host.case") { [unowned self] call in
            let place = call.location.map { "\($0): " } ?? ""
            guard !isPlaying else { throw LuaError("\(place)test.case stands in a case: cases stand side by side") }
            guard let name = call.argument(0).text, !name.isEmpty else {
                throw LuaError("\(place)test.case: a name was expected first, a text that is not empty")
            }
            guard let function = call.argument(1).function else {
                throw LuaError("\(place)test.case: a function was expected second; got \(call.argument(1).typeName)")
            }
            cases.append((name, function, call.location?.line ?? 0))
            return []
        }
        vm.register("host.run") { [unowned self] call in
            do {
                let spec = try NightSpec(try JSON(parsing: Array((call.argument(0).text ?? "").utf8)))
                return [try LuaValue(encoding: try play(spec))]
            } catch {
                throw LuaError(Refusal(error).lines.joined(separator: "\n  "))
            }
        }
        vm.register("host.differ") { [unowned self] call in
            let json = try JSON(parsing: Array((call.argument(0).text ?? "").utf8))
            missing = json["missing"]?.elements?.compactMap(\.text) ?? []
            surplus = Set(json["surplus"]?.elements?.compactMap(\.text) ?? [])
            return []
        }
        vm.register("seconds") { call in
            let value = call.argument(0)
            guard let seconds = value.double ?? value.text.flatMap({ Duration(text: $0) })?.seconds else {
                throw LuaError("seconds takes seconds or a duration such as \"90s\", \"5m\", \"1h30m\"")
            }
            return [.number(seconds)]
        }
    }

    /// Runs its cases in their order.
    ///
    /// - Parameter isWanted: by their names.
    func run(where isWanted: (String) -> Bool, each: (TestCase) -> Void) {
        if let failure = end(of: { try vm.load(file.text, name: file.name) }, arguments: []) {
            return each(TestCase(file: path, name: "", line: 0, failure: failure, output: output))
        }
        if cases.isEmpty {
            return each(
                TestCase(file: path, name: "", line: 0, failure: "there is no case: test.case(\"…\", function() … end)")
            )
        }
        isPlaying = true
        for (name, function, line) in cases where isWanted(name) {
            output = []
            night = nil
            missing = []
            surplus = []
            var result = TestCase(file: path, name: name, line: line)
            let clock = ContinuousClock()
            result.duration = clock.measure { result.failure = end(of: { function }, arguments: []) }
            result.output = output
            if result.failure != nil { result.tree = tree }
            each(result)
        }
    }

    /// Calls a function: why it failed, or nothing.
    private func end(of function: () throws -> LuaReference, arguments: [LuaValue]) -> String? {
        do {
            vm.spawn(try function(), arguments: arguments)
        } catch {
            return "\(error)"
        }
        switch vm.next() {
        case .ended(_, .returned)?: return nil
        case .ended(_, .raised(let error))?, .ended(_, .exceeded(_, let error))?: return error.description
        case .ended(_, .stopped)?, .request?, .interrupted?, nil: return "it waits for something that does not happen"
        }
    }

    // MARK: Nights

    private func play(_ spec: NightSpec) throws -> Night {
        night = nil
        let path = spec.script.hasPrefix("/") ? spec.script : file.directory + "/" + spec.script
        guard FileManager.default.fileExists(atPath: path) else { throw Refusal("There is no script \(spec.script).") }
        let setup = setups[path] ?? Result { try RehearsalSetup(path) }
        setups[path] = setup
        let scenario = try spec.scenario(in: file.directory)
        let (parameters, arguments) = (try spec.parameters(), try spec.arguments())
        let zone = try spec.zone()
        var plan: RehearsalPlan
        do {
            plan = try setup.get().plan(scenario, parameters: parameters, arguments: arguments, zone: zone)
        } catch let refusal as Refusal where refusal.code == 64 {
            return Night(refusal)
        }
        plan.began = try spec.began(in: zone)
        try spec.apply(to: &plan)
        let run = try RehearsedRun.of(plan)
        let tree = run.tree
        night = (run, plan, tree)
        return Night(run, tree)
    }

    /// The last night, with what was not expected marked, and what was missed.
    private var tree: [String] {
        guard let night else { return [] }
        let terminal = Terminal.paper(isUnicode: Terminal.of(1).isUnicode)
        let mark = terminal.isUnicode ? "←" : "<-"
        let unexpected = night.tree.rows.values.filter { row in row.jobID.map { surplus.contains($0.text) } ?? false }
        var tree = night.tree
        for row in unexpected { tree.note("\(mark) not expected", of: row.step.id) }
        var lines = tree.lines(at: night.run.ended, terminal: terminal)
        for label in missing { lines.append("   - \(label)  never started  \(mark) expected here") }
        if let error = night.run.end?.error { lines += EndReport.failure(error) }
        if let endless = night.run.endless {
            lines.append(
                "it does not end; stopped after \(endless.after.short) at \(endless.places.joined(separator: ", "))")
        }
        return lines
    }
}
