import Foundation
import LuaVM
import Orchestration

/// Finds the modules that a script requires, beside it or in the configured folder, before it runs: what they say then is kept with the run.
struct ModuleFinder {
    /// The script's own first.
    let folders: [String]

    /// The texts of modules by their names.
    struct Modules {
        /// Those that are required by literal names, also by modules. One that is not there is left out.
        var named: [String: String] = [:]
        /// Where a name is computed, it may be that of any module: all others that can be read and parse.
        var possible: [String: String] = [:]

        /// What is kept with the run.
        var all: [String: String] { named.merging(possible) { named, _ in named } }
    }

    /// The modules that a script may require.
    ///
    /// - Throws: ``Refusal`` for one that cannot be read, or does not parse.
    func modules(of text: String) throws -> Modules {
        let found = try texts(of: text)
        for (name, text) in found.named.sorted(by: { $0.key < $1.key }) {
            if let fault = ScriptSource.syntaxFinding(in: text, name: path(name) ?? name) {
                throw Refusal(lines: [fault.description])
            }
        }
        return found
    }

    /// The same, whether those that are named parse or not.
    func texts(of text: String) throws(Refusal) -> Modules {
        var found = Modules()
        var (wanted, isComputed) = ScriptSource.modules(in: text)
        while let name = wanted.popLast() {
            guard found.named[name] == nil, let path = path(name) else { continue }
            let text = try TextFile.read(path)
            found.named[name] = text
            let further = ScriptSource.modules(in: text)
            wanted += further.names
            isComputed = isComputed || further.isComputed
        }
        if isComputed { found.possible = try others(than: found.named) }
        return found
    }

    /// The bounds of what is kept with a run because it may be required.
    private static let (mostFiles, mostBytes) = (500, 8 << 20)

    private func others(than named: [String: String]) throws(Refusal) -> [String: String] {
        var found: [String: String] = [:]
        var bytes = 0
        for name in try names() where named[name] == nil {
            guard let path = path(name), let text = try? TextFile.read(path),
                ScriptSource.syntaxFinding(in: text, name: path) == nil
            else { continue }
            found[name] = text
            bytes += text.utf8.count
            guard bytes <= Self.mostBytes else { throw tooMany("\(Self.mostBytes >> 20) MB") }
        }
        return found
    }

    /// The names of all modules in the folders.
    private func names() throws(Refusal) -> Set<String> {
        var names: Set<String> = []
        for folder in folders {
            let files = FileManager.default.enumerator(atPath: folder)
            while let file = files?.nextObject() as? String {
                let parts = file.split(separator: "/").map(String.init)
                if parts.contains(where: { $0.hasPrefix(".") }) {
                    files?.skipDescendants()
                    continue
                }
                guard file.hasSuffix(".lua") else { continue }
                let stem =
                    parts.last == "init.lua"
                    ? parts.dropLast() : parts.dropLast() + [String(parts.last?.dropLast(4) ?? "")]
                guard !stem.isEmpty, !stem.contains(where: { $0.contains(".") }) else { continue }
                names.insert(stem.joined(separator: "."))
                guard names.count <= Self.mostFiles else { throw tooMany("\(Self.mostFiles) files") }
            }
        }
        return names
    }

    private func tooMany(_ limit: String) -> Refusal {
        Refusal(
            "The script computes the name of a module that it requires, and its folder has more than \(limit) of Lua, which would "
                + "all be kept with the run: put its modules into a folder of their own, and name that as modules: in baton.yaml."
        )
    }

    /// A module by its name, as it is now; `nil` if there is none.
    func module(_ name: String) -> LuaModule? {
        guard let path = path(name), let text = try? TextFile.read(path) else { return nil }
        return LuaModule(text: text, name: name)
    }

    /// `lib.common` is `lib/common.lua`, or else `lib/common/init.lua`; nothing above the script's folder is one.
    func path(_ name: String) -> String? {
        paths(name).first { path in
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder.boolValue
        }
    }

    /// Where a module was looked for; `nil` if it is there.
    func missing(_ name: String) -> [String]? { path(name) == nil ? paths(name) : nil }

    private func paths(_ name: String) -> [String] {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        // A name of a file ends at a zero byte.
        guard parts.allSatisfy({ !$0.isEmpty && !$0.utf8.contains { $0 < 0x20 || $0 == UInt8(ascii: "/") } }) else {
            return []
        }
        return folders.flatMap { folder in
            [".lua", "/init.lua"].map { "\(folder)/\(parts.joined(separator: "/"))\($0)" }
        }
    }
}
