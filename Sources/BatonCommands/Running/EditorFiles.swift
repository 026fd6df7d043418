import ArgumentParser
import Escaping
import Foundation
import Orchestration

/// What editors need beside scripts to know what Baton gives them.
enum EditorFiles {
    /// Where the types lie, from the folder of the scripts.
    static let typesName = ".baton/types/baton.lua"
    /// Where those of test files lie.
    static let testTypesName = ".baton/types/baton.test.lua"
    /// The settings of the Lua language server.
    static let settingsName = ".luarc.json"

    /// The types.
    static var types: String { TypeDefinitions.text(version: BatonCommand.configuration.version) }

    /// The types of test files.
    static var testTypes: String { String(decoding: PackageResources.test_types_lua, as: UTF8.self) }

    /// Lua as Baton has it, and where the types lie.
    static let settings = """
        {
          "$schema": "https://raw.githubusercontent.com/LuaLS/vscode-lua/master/setting/schema.json",
          "runtime.version": "Lua 5.4",
          "runtime.builtin": { "io": "disable", "package": "disable" },
          "workspace.library": [".baton/types"],
          "workspace.checkThirdParty": false
        }

        """

    /// Writes the types anew, and the settings if there are none.
    ///
    /// - Throws: ``Refusal`` for a folder that cannot be written.
    static func write(in folder: String) throws(Refusal) {
        let path = "\(folder)/\(typesName)"
        do {
            try FileManager.default.createDirectory(
                atPath: path.folderPath, withIntermediateDirectories: true)
            try types.write(toFile: path, atomically: true, encoding: .utf8)
            try testTypes.write(toFile: "\(folder)/\(testTypesName)", atomically: true, encoding: .utf8)
            let settings = "\(folder)/\(settingsName)"
            if !FileManager.default.fileExists(atPath: settings) {
                try Self.settings.write(toFile: settings, atomically: true, encoding: .utf8)
            }
        } catch {
            throw Refusal("\(path) cannot be written.")
        }
    }
}
