import Foundation
import LuaVM
import Orchestration

/// Finds the modules that a script requires, beside it or in the configured folder, before it runs: what they say then is kept with the run.
struct ModuleFinder {
    /// The script's own first.
    let folders: [String]

    /// The texts of all modules by their names, also of those that modules require. One that is not there is left out:
    /// `require` says so at its line.
    ///
    /// - Throws: ``Refusal`` for one that does not parse.
    func modules(of text: String) throws -> [String: String] {
        let found = texts(of: text)
        for (name, text) in found.sorted(by: { $0.key < $1.key }) {
            if let fault = ScriptSource.syntaxFinding(in: text, name: path(name) ?? name) {
                throw Refusal(lines: [fault.description])
            }
        }
        return found
    }

    /// The same, whether they parse or not.
    func texts(of text: String) -> [String: String] {
        var found: [String: String] = [:]
        var wanted = ScriptSource.modules(in: text)
        while let name = wanted.popLast() {
            guard found[name] == nil, let path = path(name),
                let text = try? String(contentsOfFile: path, encoding: .utf8)
            else { continue }
            found[name] = text
            wanted += ScriptSource.modules(in: text)
        }
        return found
    }

    /// A module by its name, as it is now; `nil` if there is none.
    func module(_ name: String) -> LuaModule? {
        guard let path = path(name), let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
        return LuaModule(text: text, name: name)
    }

    /// `lib.common` is `lib/common.lua`, or else `lib/common/init.lua`; nothing above the script's folder is one.
    func path(_ name: String) -> String? {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.allSatisfy({ !$0.isEmpty && !$0.utf8.contains(UInt8(ascii: "/")) }) else { return nil }
        let paths = folders.flatMap { folder in
            [".lua", "/init.lua"].map { "\(folder)/\(parts.joined(separator: "/"))\($0)" }
        }
        return paths.first { FileManager.default.fileExists(atPath: $0) }
    }
}
