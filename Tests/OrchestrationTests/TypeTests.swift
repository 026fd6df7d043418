import DataStudio
import Foundation
import JSON
import LuaVM
import Orchestration
import Rehearsal
import SimulatedStudio
import Testing

/// What editors are told of the library is what the library does: every function is called as its type says, in a run, and
/// what it returns is held against the type.
@Suite struct TypeTests {
    /// A function as the generated file has it.
    private struct Function {
        let path: String
        /// The ways to call it: names and types of parameters.
        var forms: [[(name: String, type: String)]] = []
        var returns: [[String]] = []
    }

    private static let text = TypeDefinitions.text(version: "0")

    private static let functions: [Function] = {
        var functions: [Function] = []
        var function = Function(path: "")
        var form: [(name: String, type: String)] = []
        var returns: [String] = []
        for line in text.split(separator: "\n").map(String.init) {
            if let match = line.wholeMatch(of: /---@param (\S+) (.+)/) {
                form.append((String(match.1), String(match.2)))
            } else if let match = line.wholeMatch(of: /---@return (.+)/) {
                returns.append(String(match.1))
            } else if let match = line.wholeMatch(of: /---@overload fun\((.*)\)(?:: ([^()]*))?/) {
                let parameters = parts(of: String(match.1)).map { parameter in
                    let parts = parameter.split(separator: ": ", maxSplits: 1).map(String.init)
                    return (name: parts[0], type: parts[1])
                }
                function.forms.append(parameters)
                function.returns.append(match.2.map { $0.split(separator: ", ").map(String.init) } ?? [])
            } else if let match = line.wholeMatch(of: /function (\S+)\(.*\) end/) {
                function = Function(
                    path: String(match.1), forms: [form] + function.forms, returns: [returns] + function.returns)
                functions.append(function)
                function = Function(path: "")
                form = []
                returns = []
            }
        }
        return functions
    }()

    /// What stands between commas outside of brackets.
    private static func parts(of list: String) -> [String] {
        var parts = [""]
        var depth = 0
        for character in list {
            if "{(<".contains(character) { depth += 1 }
            if "})>".contains(character) { depth -= 1 }
            if character == ",", depth == 0 { parts.append("") } else { parts[parts.count - 1].append(character) }
        }
        return parts.map { String($0.drop { $0 == " " }) }.filter { !$0.isEmpty }
    }

    /// The fields of classes, with their types.
    private static let classes: [String: [String: String]] = {
        var classes: [String: [String: String]] = [:]
        var name = ""
        for line in text.split(separator: "\n") {
            if let match = line.firstMatch(of: /^---@class ([\w.]+)/) { name = String(match.1) }
            if let match = line.firstMatch(
                of: /^---@field (\w+)(\??) (table<[^>]*>|\{[^}]*\}\[\]|fun\([^)]*\): \S+|\S+)/)
            {
                classes[name, default: [:]][String(match.1)] = String(match.3) + String(match.2)
            }
        }
        return classes
    }()

    @Test func `every function of the library is in the file`() throws {
        #expect(Set(Self.functions.map(\.path)) == Set(Signature.library.keys))
        #expect(Self.functions.count >= 45)
        let run = try Self.play(
            """
            local known = { string = 1, table = 1, math = 1, os = 1, utf8 = 1, coroutine = 1, debug = 1, io = 1, package = 1 }
            for name, value in pairs(_G) do
              if type(value) == "function" then print(name) end
              if type(value) == "table" and name ~= "_G" and not known[name] then
                for field, member in pairs(value) do
                  if type(member) == "function" then print(name .. "." .. field) end
                end
              end
            end
            """)
        let lua: Set<String> = [
            "assert", "collectgarbage", "dofile", "error", "getmetatable", "ipairs", "load", "loadfile", "next",
            "pairs",
            "pcall", "print", "rawequal", "rawget", "rawlen", "rawset", "require", "select", "setmetatable", "tonumber",
            "tostring", "type", "warn", "xpcall",
        ]
        #expect(Set(Self.output(of: run)).subtracting(lua) == Set(Signature.library.keys))
    }

    @Test func `every function takes what its type says, in each form, and returns what it says`() throws {
        var calls: [(path: String, text: String, returns: [String])] = []
        for function in Self.functions where !["finish", "skip", "fail", "restart_with"].contains(function.path) {
            for (form, returns) in zip(function.forms, function.returns) {
                let required = form.filter { !$0.name.hasSuffix("?") && $0.name != "..." }
                for parameters in required.count == form.count ? [form] : [required, form] {
                    let arguments = parameters.filter { $0.name != "..." }.map {
                        sample($0.type, $0.name, function.path)
                    }
                    calls.append((function.path, "\(function.path)(\(arguments.joined(separator: ", ")))", returns))
                }
            }
        }
        let script =
            Self.show
            + calls.map { "try(\($0.text.debugDescription), function() return \($0.text) end)" }.joined(separator: "\n")
        let run = try Self.play(script)
        let shown = Self.output(of: run)
        #expect(shown.count == calls.count, "\(run.end?.error?.text ?? "")")
        for (line, call) in zip(shown, calls) {
            let json = try JSON(parsing: Array(line.utf8))
            #expect(json["ok"] == true, "\(call.text): \(line)")
            let values = json["values"]?.elements ?? []
            for (index, type) in call.returns.enumerated() {
                let value = index < values.count ? values[index] : .null
                #expect(fits(value, type), "\(call.text) returns \(value.jsonText), not \(type)")
            }
            #expect(values.count <= max(call.returns.count, 1), "\(call.text): \(line)")
        }
    }

    @Test(arguments: ["finish", "skip", "fail"]) func `what ends the run takes a text or nothing`(name: String) throws {
        for arguments in ["", "\"done\""] {
            let run = try Self.play("\(name)(\(arguments))")
            #expect(run.end?.status == (name == "finish" ? .succeeded : name == "skip" ? .skipped : .failed))
        }
    }

    @Test func `every option of a step takes what its type says`() throws {
        for (name, type) in try #require(Self.classes["baton.StepOptions"]).sorted(by: { $0.key < $1.key }) {
            // A check on the duration has to hold; jobs take a second.
            let values = [
                "min": "0.5", "timeout": "\"1h\"", "max": "\"1h\"", "queue_max": "\"1h\"", "server": "\"staging\"",
                "name": "\"other\"",
                "space": "\"S\"",
            ]
            let value = values[name] ?? sample(type.replacing("?", with: ""), name, "execute")
            let run = try Self.play("execute { \"wf1\", \(name) = \(value) }")
            #expect(run.end?.status == .succeeded, "\(name) = \(value): \(String(describing: run.end?.error?.text))")
        }
        for name in ["name", "detach"] { #expect(Self.classes["baton.Defaults"]?[name] == nil) }
        #expect(Self.classes["baton.StartOptions"]?.keys.sorted() == ["detach"])
    }

    @Test func `an error has the fields that its type has`() throws {
        let run = try Self.play(Self.show + "try(\"e\", function() return select(2, pcall(execute, 'bad')) end)")
        let shown = try JSON(parsing: Array(try #require(Self.output(of: run).first).utf8))
        #expect(fits(shown["values"]?.elements?.first ?? .null, "baton.Error"))
    }

    // MARK: Calls

    /// Prints each call's end as JSON: types of values, of tables and handles by field.
    private static let show = """
        local function shape(value)
          local kind = math.type(value) or type(value)
          if kind == "userdata" then
            local fields = {}
            for _, name in ipairs { "label", "name", "job_id", "state", "duration" } do
              local ok, field = pcall(function() return value[name] end)
              if ok and field ~= nil then fields[name] = math.type(field) or type(field) end
            end
            return { handle = fields }
          end
          if kind ~= "table" then return kind end
          local fields, n = {}, 0
          for key, field in pairs(value) do
            if type(key) == "string" then fields[key] = math.type(field) or type(field) end
            n = n + 1
          end
          return { fields = next(fields) and fields or nil, count = n, first = rawget(value, 1) ~= nil and shape(rawget(value, 1)) or nil }
        end
        local function try(text, fn)
          local results = table.pack(pcall(fn))
          local values = json.array {}
          for i = 2, results.n do values[i - 1] = results[i] == nil and "nil" or shape(results[i]) end
          print(json.encode { text = text, ok = results[1], message = not results[1] and tostring(results[2]) or nil, values = results[1] and values or nil })
        end

        """

    private func sample(_ type: String, _ name: String, _ path: String) -> String {
        let named = [
            "at": "\"23:59\"", "url": "\"http://other/\"", "path": "\"/in/orders.csv\"", "condition": "true",
            "text": "\"{}\"", "pattern": "\"/in/*\"", "date": "\"2026-12-25\"", "from": "\"2026-12-25\"",
            "to": "\"2027-01-01\"", "time": "\"12:00\"", "format": "\"%Y-%m-%d\"",
        ]
        switch (type, path) {
        // Of its three options one is given.
        case (_, "wait_for_run") where type.hasPrefix("{"): return "{ script = \"load.lua\", key = \"k\" }"
        case ("string", "server"): return "\"staging\""
        case ("string", "secret"): return "\"token\""
        case ("string", "date.parse") where name == "text": return "\"2026-12-25\""
        case (_, _) where name.hasPrefix("holidays"): return "{ \"2026-12-25\" }"
        case ("string", "studio.execute_schedule"): return "\"nightly\""
        case ("string", _): return named[name.replacing("?", with: "")] ?? "\"wf1\""
        case ("string|string[]", _): return "{ \"dba\", \"ops\" }"
        case ("any", _): return named[name] ?? "1"
        case ("baton.Duration", _): return "\"1h\""
        case ("baton.Handle", "cancel"), ("baton.Handle", "state"): return "start \"wf2\""
        case ("baton.Handle", _): return "spawn(function() return 1 end)"
        case ("baton.Handle[]", _): return "{ start \"wf2\" }"
        case ("fun(...): ...", _): return "function() return true end"
        case ("boolean", _): return "true"
        case ("integer", _): return "1"
        case ("number", _): return "3"
        case ("any[]", _): return "{ 1, 2 }"
        case ("baton.Step", _), ("baton.StartStep", _): return "{ \"wf1\", timeout = \"1h\" }"
        case ("baton.Items", _): return "{ \"wf1\", { \"wf2\", max = \"1h\" }, false, limit = 2 }"
        case ("baton.ChainItems", _): return "{ \"wf1\", \"wf2\", timeout = \"1h\" }"
        case ("baton.Defaults", _): return "{ timeout = \"5h\" }"
        case ("baton.StepOptions", _), ("baton.StartOptions", _): return "{ timeout = \"1h\" }"
        case ("baton.Kind|baton.Kind[]", _): return "{ \"failed\" }"
        case (_, _) where type.hasPrefix("table<"): return path == "json.array" ? "{}" : "{ a = \"x\" }"
        case (_, _) where type.hasPrefix("{ source"): return "{ { source = \"s\", dataset = \"d\" } }"
        case (_, _) where type.hasPrefix("{ "):
            // Every option at once.
            let fields = type.dropFirst(2).dropLast(2).split(separator: /, (?=\w+\?: )/).map { field in
                let parts = field.split(separator: "?: ", maxSplits: 1).map(String.init)
                let value =
                    ["url": "\"http://other/\"", "method": "\"GET\"", "server": "\"staging\"", "every": "\"1s\""][
                        parts[0]]
                    ?? sample(parts[1], parts[0], path)
                return "\(parts[0]) = \(value)"
            }
            return "{ \(fields.joined(separator: ", ")) }"
        default: return String(type.split(separator: "|").first ?? "nil")
        }
    }

    private func fits(_ value: JSON, _ type: String) -> Bool {
        if type.hasSuffix("?") { return value == "nil" || value == .null || fits(value, String(type.dropLast())) }
        if type.contains("|"), !type.contains("<") {
            return type.split(separator: "|").contains { fits(value, String($0)) }
        }
        if type.hasSuffix("[]") {
            guard value["count"] != nil else { return false }
            return value["first"].map { fits($0, String(type.dropLast(2))) } ?? true
        }
        switch type {
        case "any": return true
        case "string", "boolean", "integer": return value == .string(type)
        case "number": return value == "integer" || value == "float"
        case "true": return value == "boolean"
        case "table": return value["count"] != nil
        case "baton.State": return value == "string"
        case "baton.Results": return value["fields"]?["n"] == "integer"
        case "baton.Chain": return value["count"] != nil
        default:
            guard let fields = Self.classes[type], let own = value["fields"] ?? value["handle"] else { return false }
            let names = Set(own.members?.map(\.name) ?? [])
            let required = fields.filter { !$0.value.hasSuffix("?") }.keys
            return names.isSubset(of: Set(fields.keys)) && names.isSuperset(of: required)
        }
    }

    private static func play(_ script: String) throws -> RehearsedRun {
        var beginning = RunBeginning(script: "types.lua", text: script, seed: 1)
        beginning.parameters = ["wf1": "1"]
        beginning.secrets = ["token"]
        beginning.server = "production"
        beginning.spaces = ["production": nil, "staging": nil]
        let scenario = try Scenario(
            yaml: """
                operations: [cancelJob, getDataset, refreshDataset, executeSchedule]
                others: { duration: 1s }
                workflows: { wf1: { duration: 1s }, wf2: { duration: 1s }, bad: { outcome: FAILED } }
                schedules: { nightly: [wf1] }
                http: { "http://other/": { status: 200, body: "{}" } }
                """)
        var plan = RehearsalPlan(
            RunConfiguration(beginning), scenario, try SimulatedStudio.description(for: scenario))
        plan.files = ["/in/orders.csv": FileStatus(size: 1, modified: plan.began)]
        plan.history = ["wf1": [PastStep(started: plan.began, duration: .seconds(1), state: .completed)]]
        return try Rehearsal.play(plan)
    }

    private static func output(of run: RehearsedRun) -> [String] {
        run.events.compactMap { if case .print(let text) = $0.event { text } else { nil } }
    }
}
