import ArgumentParser
import BatonHost
import Escaping
import Foundation
import Glibc

/// `baton init`: everything that a night needs, to be looked at and changed.
struct InitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Writes a configuration, a first script with its rehearsal, crontab lines and systemd units.",
        discussion: "What is there already is left as it is. The lines and units name this program and this folder.")

    @Argument(help: "The folder; it is made if it is not there.", completion: .directory)
    var directory: String?

    func run() async throws {
        throw ExitCode(
            await telling {
                guard directory != "" else { throw Refusal("The folder cannot be empty: baton init . is this one.") }
                let folder = URL(fileURLWithPath: directory ?? FileManager.default.currentDirectoryPath)
                    .standardizedFileURL.path
                let files = StarterFiles(folder: folder, program: Self.program, user: NSUserName())
                var lines: [String] = []
                for file in files.all {
                    let path = "\(folder)/\(file.name)"
                    // A link that leads nowhere is there as well.
                    let isThere = (try? FileManager.default.attributesOfItem(atPath: path)) != nil
                    if !isThere { try Self.write(file.text, to: path) }
                    lines.append("  \(file.name.padded(to: 34))\(isThere ? "left as it is" : file.what)")
                }
                let columns = Terminal.of(STDOUT_FILENO).columns
                Output.standard.write(
                    (["In \(folder):"] + lines + [""] + files.advice.flatMap { $0.wrapped(to: columns, hanging: 3) })
                        .map { $0 + "\n" }.joined())
                return 0
            })
    }

    private static func write(_ text: String, to path: String) throws {
        do {
            try FileManager.default.createDirectory(
                atPath: path.folderPath, withIntermediateDirectories: true)
            try text.write(toFile: path, atomically: true, encoding: .utf8)
        } catch {
            throw Refusal("\(path) cannot be written.")
        }
    }

    /// Where this program lies.
    private static var program: String {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? "/usr/local/bin/baton"
    }
}
