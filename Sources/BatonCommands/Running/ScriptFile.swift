import Escaping
import Foundation
import Journal
import Orchestration

/// A script as it lies on the disk, or comes through a pipe.
struct ScriptFile {
    /// From the root on. Of one that comes through a pipe: in the current folder, a name that holds the hash of its text.
    let path: String
    /// What messages call it.
    let name: String
    /// The folder it lies in, where configuration and modules are looked for.
    var directory: String { path.folderPath }
    let text: String

    /// What messages call a script that comes through a pipe.
    static let pipedName = "stdin"

    /// - Parameter path: of the file; `-` or the path of a descriptor for what comes through a pipe.
    /// - Throws: ``Refusal`` for what cannot be read.
    init(_ path: String) throws(Refusal) {
        if let descriptor = Self.descriptor(path) {
            self = try ScriptFile(descriptor: descriptor)
            return
        }
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            let isHidden = access(path, F_OK) != 0 && errno == EACCES
            throw Refusal(
                isHidden ? "The script \(path) cannot be read: Permission denied." : "There is no script \(path).")
        }
        guard !isFolder.boolValue else { throw Refusal("\(path) is a folder.") }
        let read = try TextFile.read(path)
        self.path = URL(fileURLWithPath: path).standardizedFileURL.path
        name = self.path.lastName
        text = Self.script(read)
    }

    private init(descriptor: Int32) throws(Refusal) {
        guard isatty(descriptor) == 0 else {
            throw Refusal("There is no script: standard input is a terminal.", Advice("To type lines:", "baton repl"))
        }
        text = Self.script(try TextFile.read(from: descriptor, name: Self.pipedName))
        name = Self.pipedName
        let hash = Journal.hash(text).prefix(16)
        path = FileManager.default.currentDirectoryPath + "/\(Self.pipedName)-\(hash)"
    }

    /// The descriptor that a path stands for: `-`, `/dev/stdin`, and what `<(…)` of a shell becomes.
    private static func descriptor(_ path: String) -> Int32? {
        if path == "-" || path == "/dev/stdin" { return 0 }
        let folder = ["/dev/fd/", "/proc/self/fd/"].first { path.hasPrefix($0) }
        return folder.flatMap { Int32(path.dropFirst($0.count)) }
    }

    /// A first line for the shell is a comment to Lua, as in the stock interpreter.
    private static func script(_ text: String) -> String { text.hasPrefix("#") ? "--" + text : text }

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
        return names.sorted().map { path == "." ? $0 : path.path(of: $0) }
    }

    /// Refuses what could not run, and adds the modules and secrets that the script names.
    ///
    /// - Parameters:
    ///   - configured: the names that the script may use; the servers are those of the beginning.
    ///   - folders: where modules are looked for.
    ///   - isNew: false for a run that goes on, whose parameters nobody can give or take back.
    /// - Returns: the script as it was read.
    @discardableResult
    static func check(
        _ beginning: inout RunBeginning, _ configured: ConfiguredNames, folders: [String], isNew: Bool = true
    ) throws -> ScriptSource {
        try checkSyntax(beginning.text, name: beginning.script)
        let finder = ModuleFinder(folders: folders)
        let modules = try finder.modules(of: beginning.text)
        beginning.modules = modules.all
        let source = ScriptSource(
            beginning.text, name: beginning.script, modules: modules.named, possible: modules.possible)
        beginning.secrets = source.secrets(among: configured.secrets)
        var names = configured
        names.servers = Array(beginning.spaces.keys)
        try refuse(
            source.findings + source.moduleFindings(finder.missing)
                + (isNew ? source.parameterFindings(beginning.parameters) : [])
                + source.configurationFindings(names))
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
