import ArgumentParser
import BatonHost
import Foundation
import Orchestration

/// `baton check`: what is wrong in scripts, before anything runs.
struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Looks for mistakes in scripts without running them.",
        discussion: """
            Errors are what baton run refuses; warnings are what is hardly meant. Modules that a script requires are \
            looked at with it, and of a folder all its scripts. Nothing is run, and no server is asked unless --online \
            or --server says so. Exit codes: 0 nothing found, 1 something found, 64 wrong usage.
            """)

    @Argument(help: "Scripts, or folders of scripts.", completion: .file(extensions: ["lua"]))
    var scripts: [String]

    @Flag(help: "Ask the configured server whether it has the workflows that are named.")
    var online = false

    @Option(
        help: ArgumentHelp(
            "Ask this server: a name in the configuration, or a URL (implies --online).", valueName: "name"),
        completion: ShellCompletion.server)
    var server: String?

    @Flag(help: "Print one JSON object for each finding.")
    var json = false

    func run() async throws {
        throw ExitCode(
            await telling(json: json) {
                var findings: [Finding] = []
                var texts: [String: String] = [:]
                let paths = try scripts.flatMap { path throws(Refusal) in try ScriptFile.paths(path) }
                for path in paths {
                    do {
                        let check = try await StaticCheck(path, server: server, isOnline: online || server != nil)
                        findings += check.findings
                        texts.merge(check.texts) { $1 }
                    } catch let refusal as Refusal where paths.count > 1 && refusal.isAboutText {
                        // The others are looked at all the same.
                        findings.append(Finding(unreadable: path, refusal.lines[0]))
                    }
                }
                var seen: Set<Finding> = []
                let list = FindingList(findings.filter { seen.insert($0).inserted }, texts: texts, scripts: paths.count)
                Output.standard.write(json ? list.json : list.text(Terminal.of(STDOUT_FILENO)))
                return findings.isEmpty ? 0 : 1
            })
    }
}
