import Foundation
import Orchestration

/// A script as it lies on the disk.
struct ScriptFile {
    /// From the root on.
    let path: String
    /// What messages call it.
    var name: String { (path as NSString).lastPathComponent }
    /// The folder it lies in, where configuration and modules are looked for.
    var directory: String { (path as NSString).deletingLastPathComponent }
    let text: String

    /// - Throws: ``Refusal`` for what cannot be read.
    init(_ path: String) throws(Refusal) {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            let isHidden = access(path, F_OK) != 0 && errno == EACCES
            throw Refusal(
                isHidden ? "The script \(path) cannot be read: Permission denied." : "There is no script \(path).")
        }
        guard !isFolder.boolValue else { throw Refusal("\(path) is a folder.") }
        let read = try TextFile.read(path)
        self.path = URL(fileURLWithPath: path).standardizedFileURL.path
        // A first line for the shell is a comment to Lua, as in the stock interpreter.
        text = read.hasPrefix("#") ? "--" + read : read
    }

    /// The script of that path, or all scripts in a folder and below it, by name; what is hidden is left out.
    static func paths(_ path: String) throws(Refusal) -> [String] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
            return [path]
        }
        let names = (FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []).filter { name in
            name.hasSuffix(".lua") && !name.split(separator: "/").contains { $0.hasPrefix(".") }
        }
        guard !names.isEmpty else {
            throw Refusal("There is no script (*.lua) in \(URL(fileURLWithPath: path).standardizedFileURL.path).")
        }
        return names.sorted().map { path == "." ? $0 : (path as NSString).appendingPathComponent($0) }
    }

    /// Refuses what could not run, and adds the modules and secrets that the script names.
    ///
    /// - Parameters:
    ///   - secrets: the names of those that are configured.
    ///   - folders: where modules are looked for.
    ///   - isNew: false for a run that goes on, whose parameters nobody can give or take back.
    /// - Returns: the script as it was read.
    @discardableResult
    static func check(
        _ beginning: inout RunBeginning, secrets: [String], folders: [String], isNew: Bool = true
    ) throws -> ScriptSource {
        try checkSyntax(beginning.text, name: beginning.script)
        let finder = ModuleFinder(folders: folders)
        let modules = try finder.modules(of: beginning.text)
        beginning.modules = modules.all
        let source = ScriptSource(
            beginning.text, name: beginning.script, modules: modules.named, possible: modules.possible)
        beginning.secrets = source.secrets(among: secrets)
        try refuse(
            source.findings + source.moduleFindings(finder.missing)
                + (isNew ? source.parameterFindings(beginning.parameters) : [])
                + source.configurationFindings(secrets: secrets, servers: beginning.spaces.keys))
        return source
    }

    private static func checkSyntax(_ text: String, name: String) throws(Refusal) {
        if let fault = ScriptSource.syntaxFinding(in: text, name: name) { throw Refusal(lines: [fault.description]) }
    }

    /// Only for what is certainly wrong.
    private static func refuse(_ findings: [Finding]) throws(Refusal) {
        let certain = findings.filter(\.isCertain)
        guard certain.isEmpty else { throw Refusal(lines: certain.map(\.description)) }
    }
}
