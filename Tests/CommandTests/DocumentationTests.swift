import BatonHost
import Foundation
import JSON
import Orchestration
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
            "--self-test", "--rules", "--product", "--since",
        ]
        for (page, text) in Self.pages {
            let code = text.matches(of: /`[^`\n]+`|```[a-z]*\n(?s:.*?)```/).map { String($0.0) }.joined(separator: "\n")
            for match in code.matches(of: /(?:^|[\s`\[|])(--[a-z][a-z-]+)/) where !others.contains(String(match.1)) {
                #expect(options.contains(String(match.1)), "\(page): \(match.1)")
            }
        }
    }

    /// The Lua blocks of the guides.
    private static let blocks: [(page: String, text: String)] = pages.sorted { $0.key < $1.key }.flatMap { page, text in
        text.matches(of: /```lua\n((?s:.*?))```/).map { (page, String($0.1)) }
    }

    @Test func `nothing is found against a script of the guides`() throws {
        let guides = Self.blocks.filter { ["docs/guide-scripts.md", "docs/from-powershell.md"].contains($0.page) }
        #expect(guides.count > 10)
        for (page, text) in guides {
            #expect(ScriptSource(text, name: page).findings.map(\.description) == [], "\(text)")
        }
    }
}
