import Configuration
import Escaping
import Foundation
import Yams

/// The configuration files that apply in a folder, nearest first.
struct ConfigurationFiles {
    struct File {
        let path: String
        let provider: YAMLProvider
        /// The names below each path, in their order.
        private let names: [[String]: [String]]
        private let lines: [[String]: Int]

        var folder: String { path.folderPath }

        /// Where a setting stands in it.
        func line(of path: [String]) -> Int? { lines[path] }

        /// The names below a setting.
        func names(below path: [String]) -> [String] { names[path] ?? [] }

        /// - Parameter root: of a file whose form is right: it is as deep as settings are.
        init(path: String, root: Node, provider: YAMLProvider) {
            self.path = path
            self.provider = provider
            var names: [[String]: [String]] = [:]
            var lines: [[String]: Int] = [:]
            func add(_ node: Node, at path: [String]) {
                for (key, value) in node.mapping ?? [:] {
                    guard let name = key.string else { continue }
                    names[path, default: []].append(name)
                    lines[path + [name]] = key.mark?.line ?? 0
                    add(value, at: path + [name])
                }
            }
            add(root, at: [])
            self.names = names
            self.lines = lines
        }
    }

    let files: [File]

    /// Reads them.
    ///
    /// - Throws: ``ConfigurationError`` with all that is wrong with their form.
    init(environment: [String: String], directory: String) throws(ConfigurationError) {
        var files: [File] = []
        var problems: [String] = []
        var owner: String?
        for path in Self.paths(environment, directory) {
            do {
                let text = try TrustedFile.text(of: path)
                guard let root = try Yams.compose(yaml: text) else { continue }
                let found = ConfigurationKeys.problems(in: root, file: path)
                guard found.isEmpty else {
                    problems += found
                    continue
                }
                files.append(File(path: path, root: root, provider: try YAMLProvider(path: path, text: text)))
            } catch let error as TrustedFile.Distrust {
                problems.append("the configuration \(path) is not used: \(error)")
                owner = error.owner ?? owner
            } catch {
                problems.append("\(path): \(Self.reason(error))")
            }
        }
        guard problems.isEmpty else {
            var error = ConfigurationError(problems: problems)
            error.owner = owner
            throw error
        }
        self.files = files
    }

    /// The names that people chose below a setting, as those of servers; each once, nearest first.
    func names(below path: [String]) -> [String] {
        var seen: Set<String> = []
        return files.flatMap { $0.names(below: path) }.filter { seen.insert($0).inserted }
    }

    /// The file that has the say about a setting.
    func file(of path: [String]) -> File? {
        files.first { $0.line(of: path) != nil }
    }

    /// What is wrong with a file, in words.
    static func reason(_ error: any Error) -> String {
        switch error {
        case let error as YamlError: words(error)
        case let error as TrustedFile.Unreadable: "it cannot be read: \(error)"
        // Foundation's own description is a dump of the error.
        case let error as CocoaError: error.localizedDescription
        default: "\(error)"
        }
    }

    /// Never the text around it, which may hold a secret.
    private static func words(_ error: YamlError) -> String {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            "line \(mark.line): it is no YAML: \(problem)"
        case .duplicatedKeysInMapping(let keys, let context):
            "line \(context.mark.line): \(keys.sorted().joined(separator: ", ")) stands there twice"
        default: "it is no YAML"
        }
    }

    private static func paths(_ environment: [String: String], _ directory: String) -> [String] {
        var candidates: [String] = []
        var folder = URL(fileURLWithPath: directory).standardizedFileURL
        while true {
            candidates.append(folder.appendingPathComponent("baton.yaml").path)
            let above = folder.deletingLastPathComponent()
            if above.path == folder.path || folder.path == "/" { break }
            folder = above
        }
        if let home = environment["XDG_CONFIG_HOME"] ?? environment["HOME"].map({ $0 + "/.config" }) {
            candidates.append(home + "/baton/baton.yaml")
        }
        candidates.append("/etc/baton/baton.yaml")
        return candidates.filter { FileManager.default.fileExists(atPath: $0) }
    }
}
