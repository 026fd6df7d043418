import Configuration
import DataStudio
import Foundation

/// Reads settings one by one, and collects what is wrong with them.
final class SettingReader {
    private let reader: ConfigReader
    let files: ConfigurationFiles
    let environment: [String: String]
    /// Where relative paths from the environment begin.
    let directory: String
    /// What is wrong with what was read so far.
    var problems: [String] = []

    init(_ files: ConfigurationFiles, environment: [String: String], directory: String) {
        self.files = files
        self.environment = environment
        self.directory = directory
        let variables = EnvironmentVariablesProvider(environmentVariables: environment).prefixKeys(with: "baton")
        reader = ConfigReader(providers: [variables] + files.files.map(\.provider))
    }

    /// What is wrong, with the file and the line of the setting in front, as far as one has the say.
    var placedProblems: [String] {
        problems.map { problem in
            let setting = problem.prefix { $0 != ":" }
            let path = setting.split(separator: ".").map(String.init)
            guard environment["BATON_" + path.joined(separator: "_").uppercased()] == nil else { return problem }
            // One that is missing belongs to what it is missing from.
            for length in stride(from: path.count, to: 0, by: -1) {
                let known = Array(path.prefix(length))
                if let file = files.file(of: known), let line = file.line(of: known) {
                    return "\(file.path):\(line): \(problem)"
                }
            }
            return problem
        }
    }

    func text(_ path: String...) -> String? { text(path) }

    func text(_ path: [String]) -> String? { reader.string(forKey: ConfigKey(path)) }

    /// A list, or one value in its place.
    func list(_ path: String...) -> [String]? { list(path) }

    func list(_ path: [String]) -> [String]? {
        reader.stringArray(forKey: ConfigKey(path)) ?? text(path).map { [$0] }
    }

    func duration(_ path: String..., example: String) -> Duration? {
        guard let text = text(path) else { return nil }
        if let duration = Duration(text: text) { return duration }
        problems.append(
            "\(path.joined(separator: ".")): a duration such as \"\(example)\" was expected; got \"\(text)\"")
        return nil
    }

    func boolean(_ path: String...) -> Bool? {
        guard let text = text(path) else { return nil }
        if text == "true" || text == "false" { return text == "true" }
        problems.append("\(path.joined(separator: ".")): true or false was expected; got \"\(text)\"")
        return nil
    }

    /// One of these words.
    func word<Word: RawRepresentable & CaseIterable>(_ path: String..., of type: Word.Type) -> Word?
    where Word.RawValue == String {
        word(path, of: type)
    }

    func word<Word: RawRepresentable & CaseIterable>(_ path: [String], of type: Word.Type) -> Word?
    where Word.RawValue == String {
        guard let text = text(path) else { return nil }
        if let word = Word(rawValue: text) { return word }
        let known = Word.allCases.map(\.rawValue)
        problems.append(
            "\(path.joined(separator: ".")): one of \(known.joined(separator: ", ")) was expected; got \"\(text)\""
                + Spelling.suggestion(for: text, among: known))
        return nil
    }

    /// The path of a file: one that does not begin at the root begins where the setting stands.
    func path(_ path: String...) -> String? { self.path(path) }

    func path(_ path: [String]) -> String? { text(path).map { absolute($0, path) } }

    func absolute(_ text: String, _ path: [String]) -> String {
        guard !text.hasPrefix("/") else { return text }
        let isVariable = environment[ConfigurationKey.variable(path)] != nil
        let folder = isVariable ? directory : files.file(of: path)?.folder ?? directory
        return folder.hasSuffix("/") ? folder + text : "\(folder)/\(text)"
    }

    /// A secret: its source, by the settings `file`, `env` and `command` with a prefix. Of several the one that stands
    /// nearest counts.
    func secret(_ path: [String], prefix: String = "", besides literal: String? = nil) -> SecretSource? {
        let names = ([literal].compactMap { $0 }) + ["file", "env", "command"].map { prefix + $0 }
        guard let name = nearest(names, below: path), name != literal, let text = text(path + [name]) else {
            return nil
        }
        switch name.dropFirst(prefix.count) {
        case "file": return .file(credential(text) ?? absolute(text, path + [name]))
        case "env": return .environment(text)
        default: return .command(text)
        }
    }

    /// The variables of the environment that hold secrets, by what the configuration says.
    var secretVariables: Set<String> {
        var names: Set<String> = ["BATON_API_KEY"]
        for key in ConfigurationKey.all where key.isSecret || key.namesVariable {
            for path in paths(of: key) {
                if key.isSecret { names.insert(ConfigurationKey.variable(path)) }
                if key.namesVariable, let name = text(path) { names.insert(name) }
            }
        }
        return names
    }

    /// The paths that a setting has, one for each name that people chose.
    private func paths(of key: ConfigurationKey) -> [[String]] {
        guard let star = key.path.firstIndex(of: "*") else { return [key.path] }
        return files.names(below: Array(key.path[..<star])).map { name in
            var path = key.path
            path[star] = name
            return path
        }
    }

    /// Of settings of which one is given at most, the one that is: in the environment, else in the nearest file.
    func nearest(_ names: [String], below path: [String]) -> String? {
        if let name = names.first(where: { environment[ConfigurationKey.variable(path + [$0])] != nil }) { return name }
        for file in files.files {
            if let name = names.first(where: { file.line(of: path + [$0]) != nil }) { return name }
        }
        return names.first { text(path + [$0]) != nil }
    }

    /// A file in the directory in which systemd puts the credentials of a service, for a relative path:
    /// https://systemd.io/CREDENTIALS/
    func credential(_ name: String) -> String? {
        guard !name.hasPrefix("/"), let folder = environment["CREDENTIALS_DIRECTORY"] else { return nil }
        let path = "\(folder)/\(name)"
        return FileManager.default.fileExists(atPath: path) ? path : nil
    }
}
