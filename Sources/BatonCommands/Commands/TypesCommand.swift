import ArgumentParser
import Foundation
import Orchestration

/// `baton types`: what editors know of the script library.
struct TypesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "types",
        abstract: "Prints the script library's functions for editors, as the Lua language server reads them.",
        discussion:
            "baton init puts it where the Lua language server finds it. After an update of Baton: baton types --write.")

    @Flag(help: "Write the file, and .luarc.json unless it is there, into this folder instead of printing it.")
    var write = false

    func run() async throws {
        throw ExitCode(
            await telling {
                guard write else {
                    Output.standard.write(EditorFiles.types)
                    return 0
                }
                let folder = FileManager.default.currentDirectoryPath
                try EditorFiles.write(in: folder)
                Output.standard.write("\(EditorFiles.typesName) is written.\n")
                return 0
            })
    }
}
