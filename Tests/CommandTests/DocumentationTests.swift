import BatonHost
import Foundation
import JSON
import Orchestration
import SimulatedStudio
import Subprocess
import SystemPackage
import Testing

/// What the program takes is in its help or in the documentation, and what the documentation says is there.
@Suite struct DocumentationTests {
    private static func read(_ path: String) throws -> String {
        try String(contentsOf: BatonProcess.root.appendingPathComponent(path), encoding: .utf8)
    }

    private static let pages: [String: String] = {
        let folder = BatonProcess.root.appendingPathComponent("docs")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        let docs = names.filter { $0.hasSuffix(".md") }.map { ("docs/\($0)", try? read("docs/\($0)")) }
        return Dictionary(uniqueKeysWithValues: (docs + [("README.md", try? read("README.md"))]).map { ($0, $1 ?? "") })
    }()

    @Test func `every setting is explained`() throws {
        let page = try Self.read("docs/configuration.md")
        for key in ConfigurationKey.all where key.path[0] != "environment" && key.path[0] != "space" {
            let name = key.name.replacing("*", with: "NAME")
            let last = key.path.last ?? ""
            // Options of steps and kinds of addresses stand in one line each.
            let isThere =
                page.contains("`\(name)`") || page.contains("`\(name)`,")
                || (key.path[0] == "defaults" && page.contains("`\(last)`"))
                || (key.path[0] == "notify" && page.contains("`.\(last)`"))
            #expect(isThere, "\(name)")
        }
    }

    @Test func `every function, option and kind of error is explained`() throws {
        let page = try Self.read("docs/scripts.md") + Self.read("README.md")
        for name in RunMachine.globals where !Self.lua.contains(name) {
            #expect(page.contains("`\(name)") || page.contains("\(name)(") || page.contains("`\(name)."), "\(name)")
        }
        for name in StepDefaults.names + ["name", "check", "params", "sources", "server", "detach"] {
            #expect(page.contains("`\(name) =") || page.contains("`\(name)`"), "\(name)")
        }
        for kind in ErrorKind.allCases { #expect(page.contains("`\(kind.rawValue)`"), "\(kind)") }
    }

    private static let lua: Set<String> = [
        "_VERSION", "assert", "collectgarbage", "coroutine", "debug", "dofile", "error", "getmetatable", "io", "ipairs",
        "loadfile", "math", "next", "os", "package", "pairs", "pcall", "rawequal", "rawget", "rawlen", "select",
        "setmetatable", "string", "table", "tonumber", "tostring", "type", "utf8", "warn", "xpcall",
    ]

    @Test func `every metric and occasion is explained`() throws {
        let page = try Self.read("docs/operations.md")
        for name in MetricsFile.names { #expect(page.contains(name), "\(name)") }
        for occasion in Occasion.allCases { #expect(page.contains("`\(occasion.rawValue)`"), "\(occasion)") }
    }

    @Test func `every exit code is explained`() throws {
        for page in ["docs/exit-codes.md", "README.md"] {
            let text = try Self.read(page)
            for code in [0, 1, 3, 4, 5, 6, 7, 8, 9, 64, 129, 130, 143] {
                #expect(
                    text.contains("| \(code) |") || text.contains("| \(code),") || text.contains(", \(code)"),
                    "\(page): \(code)")
            }
        }
    }

    @Test func `every command is named, and no page names an option that is none`() async throws {
        let place = try Workplace()
        let dump = try await place.baton("--experimental-dump-help")
        let help = try JSON(parsing: Array(dump.output.utf8))
        var commands: [String] = []
        var options: Set<String> = ["--help", "--version"]
        func collect(_ command: JSON) {
            for argument in command["arguments"]?.elements ?? [] {
                let abstract = argument["abstract"]?.text ?? ""
                for name in argument["names"]?.elements ?? [] where name["kind"] == "long" {
                    options.insert("--\(name["name"]?.text ?? "")")
                    #expect(!abstract.isEmpty || name["name"] == "help", "\(name)")
                }
            }
            for sub in command["subcommands"]?.elements ?? [] {
                if let name = sub["commandName"]?.text, name != "help" { commands.append(name) }
                collect(sub)
            }
        }
        collect(try #require(help["command"]))
        #expect(commands.count >= 18)
        let all = Self.pages.values.joined()
        for command in commands { #expect(all.contains("baton \(command)"), "\(command)") }
        // Of other programs, or of what is to come.
        let others: Set<String> = [
            "--system", "--create-home", "--home-dir", "--now", "--pipe", "--wait", "--collect", "--filter", "--seeds",
            "--self-test", "--rules", "--product", "--since", "--program",
        ]
        for (page, text) in Self.pages {
            let code = text.matches(of: /`[^`\n]+`|```[a-z]*\n(?s:.*?)```/).map { String($0.0) }.joined(separator: "\n")
            for match in code.matches(of: /(?:^|[\s`\[|])(--[a-z][a-z-]+)/) where !others.contains(String(match.1)) {
                #expect(options.contains(String(match.1)), "\(page): \(match.1)")
            }
        }
    }

    @Test func `the reference is what the program says of itself`() async throws {
        let place = try Workplace()
        let page = try Self.read("docs/reference.md")
        let manual = try await place.baton("manual", "--markdown")
        #expect(manual.output == page, "baton manual --markdown > docs/reference.md makes it anew")
        for function in Signature.library.keys {
            let entry = function.hasPrefix("log.") ? "log" : function
            #expect(page.contains("### `\(entry)`"), "\(function)")
        }
        for option in LibraryOption.steps { #expect(page.contains("### `\(option.name)`"), "\(option.name)") }
        for key in ConfigurationKey.all {
            #expect(page.contains("| `\(key.name.replacing("*", with: "NAME"))` |"), "\(key.name)")
        }
        for code in [0, 1, 3, 4, 5, 6, 7, 8, 9, 64, 129, 130, 143] {
            #expect(page.contains(try Regex("\\| ([\\d, ]+, )?\(code)(, [\\d, ]+)? \\|")), "\(code)")
        }
        for code in Finding.Code.allCases {
            #expect(try Self.read("docs/developing.md").contains("`\(code.rawValue)`"), "\(code)")
        }
    }

    @Test func `the manual page has every command, function and option`() async throws {
        let page = try await Workplace().baton("manual").output
        for name in LibraryReference.functions.map(\.name) where !["log", "run", "arg"].contains(name) {
            #expect(page.contains(".B \"\(name)"), "\(name)")
        }
        for command in ["run", "check", "plan", "test", "replay", "resume", "doctor"] {
            #expect(page.contains(".SS \"baton \(command)"), "\(command)")
        }
        // A line that begins with a dot is a request; none is unknown.
        let requests: Set<String> = ["TH", "SH", "SS", "TP", "PP", "B", "I", "BR"]
        for line in page.split(separator: "\n") where line.hasPrefix(".") {
            #expect(requests.contains(String(line.dropFirst().prefix { $0 != " " })), "\(line)")
        }
    }

    @Test(arguments: ["bash", "zsh", "fish"]) func `shells complete every command`(shell: String) async throws {
        let script = try await Workplace().baton("completion", shell).output
        for command in ["check", "plan", "replay", "manual"] { #expect(script.contains(command), "\(command)") }
        guard shell == "bash" else { return }
        let place = try Workplace()
        try place.write(script, to: "baton.bash")
        let check = try await BatonProcess.run(["-n", "baton.bash"], in: place.url, executable: "/bin/bash")
        #expect(check.code == 0, "\(check.errors)")
    }

    @Test func `every page is in the book, and every link leads somewhere`() throws {
        let book = try Self.read("docs/README.md")
        for page in Self.pages.keys where page.hasPrefix("docs/") && page != "docs/README.md" {
            #expect(book.contains("](\(page.dropFirst(5)))"), "\(page)")
        }
        for (page, text) in Self.pages {
            let folder = BatonProcess.root.appendingPathComponent(page).deletingLastPathComponent()
            for match in text.matches(of: /\]\(([^)#\s]+)(?:#([^)\s]+))?\)/) where !match.1.hasPrefix("http") {
                let target = folder.appendingPathComponent(String(match.1))
                #expect(FileManager.default.fileExists(atPath: target.path), "\(page): \(match.1)")
                guard let anchor = match.2, let other = try? String(contentsOf: target, encoding: .utf8) else {
                    continue
                }
                let anchors = other.matches(of: /(?m)^#+ (.+)$/).map { heading in
                    String(heading.1).lowercased().filter { $0.isLetter || $0.isNumber || "-_ ".contains($0) }
                        .replacing(" ", with: "-")
                }
                #expect(anchors.contains(String(anchor)), "\(page): \(match.0)")
            }
        }
    }

    // MARK: Blocks of code

    private static func blocks(_ language: String) -> [(page: String, text: String)] {
        pages.sorted { $0.key < $1.key }.flatMap { page, text in
            text.matches(of: /```([a-z]+)\n((?s:.*?))```/).filter { $0.1 == language }.map { (page, String($0.2)) }
        }
    }

    /// The Lua blocks; the tutorial's first script has a mistake that is wanted.
    private static let scripts = blocks("lua").filter { !$0.text.contains("timeot") }

    @Test func `nothing is found against a script of the pages`() throws {
        #expect(Self.scripts.count > 20)
        for (page, text) in Self.scripts {
            #expect(ScriptSource(text, name: page).findings.map(\.description) == [], "\(page): \(text)")
        }
    }

    @Test func `every script of the pages runs, and every test passes`() async throws {
        for (page, text) in Self.scripts {
            let place = try Workplace()
            // Pieces of scripts use what other pieces have.
            try place.write("local M = {} function M.publish() end return M", to: "common.lua")
            let modules = place.url.appendingPathComponent("lib")
            try FileManager.default.createDirectory(at: modules, withIntermediateDirectories: true)
            try place.write("return function(...) execute(...) end", to: "lib/rehearse.lua")
            guard text.contains("baton.test") else {
                try place.write(text, to: "block.lua")
                let plan = try await place.baton("plan", "--json", "block.lua")
                // What it needs from elsewhere it may lack: but it is a script.
                #expect(plan.code != 64, "\(page): \(text)\n\(plan.errors)")
                continue
            }
            let script =
                "execute 'load'\nparallel { 'match-customers', 'match-orders' }\n"
                + "execute { 'publish', params = { region = param('region', 'EU') } }"
            for name in ["night.lua", "nightly.lua"] { try place.write(script, to: name) }
            try place.write(text, to: "block_test.lua")
            let test = try await place.baton("test")
            #expect(test.code == 0, "\(page): \(text)\n\(test.output)")
        }
    }

    @Test func `every Swift block is the example that is built`() throws {
        let example = try Self.read("Examples/LuaHost/Example.swift")
        let blocks = Self.blocks("swift").filter { !$0.text.contains("package(") }
        #expect(blocks.count >= 2)
        for (page, text) in blocks {
            let lines = text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
            #expect(lines.allSatisfy { example.contains($0) }, "\(page)")
        }
    }

    @Test func `every YAML block is a scenario or a configuration`() async throws {
        let blocks = Self.blocks("yaml")
        #expect(blocks.count >= 6)
        for (page, text) in blocks {
            // Lists are left out in examples.
            let text = text.replacing("[ … ]", with: "[]").replacing("…", with: "x").replacing(/\n +api: .*/, with: "")
            // Of Prometheus.
            if text.hasPrefix("groups:") { continue }
            let problems =
                ["workflows:", "others:", "faults:"].contains { text.contains($0) }
                ? Self.problem(text) : nil
            guard problems != nil || !["workflows:", "others:"].contains(where: { text.contains($0) }) else { continue }
            let place = try Workplace()
            try place.write(text, to: "baton.yaml")
            let config = try await place.baton("config")
            #expect(config.code == 0, "\(page): \(problems ?? "") \(config.errors)")
        }
    }

    private static func problem(_ scenario: String) -> String? {
        do {
            _ = try Scenario(yaml: scenario)
            return nil
        } catch {
            return "\(error)"
        }
    }

    @Test func `every command of a shell block is one, with options of its own`() async throws {
        let help = try JSON(parsing: Array(try await Workplace().baton("--experimental-dump-help").output.utf8))
        var options: [String: Set<String>] = [:]
        for command in help["command"]?["subcommands"]?.elements ?? [] {
            let names = command["arguments"]?.elements?.flatMap { $0["names"]?.elements ?? [] } ?? []
            options[command["commandName"]?.text ?? ""] = Set(names.compactMap { $0["name"]?.text.map { "--" + $0 } })
        }
        var count = 0
        for (page, text) in Self.blocks("sh") {
            for line in text.split(separator: "\n") {
                let line = line.replacing(/#.*/, with: "")
                guard
                    let match = line.firstMatch(
                        of: /^(?:sudo (?:-u \w+ )?)?(?:[A-Z_]+=\S+ )*(?:\S*\/)?baton ([a-z]+)((?: .*)?)/)
                else { continue }
                let known = try #require(options[String(match.1)], "\(page): \(line)")
                count += 1
                for option in String(match.2).matches(of: /(?:^| )(--[a-z-]+)/) {
                    #expect(known.contains(String(option.1)), "\(page): \(line)")
                }
            }
        }
        #expect(count > 30)
    }
}
