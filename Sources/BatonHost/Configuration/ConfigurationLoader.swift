import Configuration
import DataStudio
import Foundation
import LuaVM
import Orchestration
import Yams

/// Finds the configuration files, merges them key by key below the environment, and makes settings of them.
package struct ConfigurationLoader {
    private let environment: [String: String]
    /// Where `baton.yaml` is looked for, then in the folders above.
    private let directory: String

    /// - Parameters:
    ///   - environment: the variables; those that begin with `BATON_` override files.
    ///   - directory: the script's folder, or the working directory.
    package init(environment: [String: String], directory: String) {
        self.environment = environment
        self.directory = directory
    }

    /// - Parameters:
    ///   - serverOption: `--server`, a configured name or a URL; it overrides every file.
    ///   - needsAPI: false if an API description that cannot be used is no reason to give up.
    /// - Throws: ``ConfigurationError`` with all that is wrong.
    package func load(
        server serverOption: String? = nil, needsAPI: Bool = true
    ) throws(ConfigurationError) -> BatonConfiguration {
        let (reader, names, folders) = try read()
        var problems: [String] = []
        var configuration = BatonConfiguration(server: serverOption ?? reader.string(forKey: "server"))
        if let text = reader.string(forKey: "limits.patience") {
            if let patience = Duration(text: text) {
                configuration.patience = patience
            } else {
                problems.append("limits.patience: a duration such as \"5m\" was expected; got \"\(text)\"")
            }
        }
        if let text = reader.string(forKey: "limits.script_time") {
            if let time = Duration(text: text), time > .zero {
                configuration.scriptLimits.time = time
            } else {
                problems.append("limits.script_time: a duration such as \"10s\" was expected; got \"\(text)\"")
            }
        }
        if let text = reader.string(forKey: "limits.memory") {
            if let bytes = ByteCount(text: text), bytes.value >= 1 << 20 {
                configuration.scriptLimits.memory = bytes.value
            } else {
                problems.append("limits.memory: a size of 1MB or more such as \"256MB\" was expected; got \"\(text)\"")
            }
        }
        do throws(ConfigurationError) {
            configuration.journal = try journal(reader)
        } catch {
            problems += error.problems
        }
        if let text = reader.string(forKey: "limits.resume_within") {
            if let time = Duration(text: text) {
                configuration.resumeWithin = time
            } else {
                problems.append("limits.resume_within: a duration such as \"6h\" was expected; got \"\(text)\"")
            }
        }
        for name in names {
            do throws(ConfigurationError) {
                configuration.servers[name] = try server(
                    name, reader.scoped(to: ConfigKey(["servers", name])), folders
                ) { path throws(ConfigurationError) in
                    do throws(ConfigurationError) {
                        return try Self.description(path)
                    } catch {
                        guard !needsAPI else { throw error }
                        configuration.apiProblems[name] = error.problems
                        return try Self.description(nil)
                    }
                }
            } catch {
                problems += error.problems
            }
        }
        if let name = configuration.server, name.contains("://") {
            do throws(ConfigurationError) {
                configuration.servers[name] = ServerConfiguration(
                    url: try Self.url(name, for: "the server"),
                    environment: reader.string(forKey: "environment") ?? "default",
                    space: reader.string(forKey: "space"), key: .environment("BATON_API_KEY"),
                    api: try Self.description(environment["BATON_API"]))
            } catch {
                problems += error.problems
            }
        } else if let name = configuration.server, configuration.servers[name] == nil, problems.isEmpty {
            problems.append(
                "the server \"\(name)\" is not configured\(Spelling.suggestion(for: name, among: names))")
        }
        guard problems.isEmpty else { throw ConfigurationError(problems: problems) }
        return configuration
    }

    /// The folder of the journal, whatever is wrong with the servers: for who only looks at runs.
    ///
    /// - Returns: `nil` if none is set.
    package func journal() throws(ConfigurationError) -> String? { try journal(try read().reader) }

    private func journal(_ reader: ConfigReader) throws(ConfigurationError) -> String? {
        guard let path = reader.string(forKey: "journal") else { return nil }
        guard path.hasPrefix("/") else {
            throw ConfigurationError("journal: the path of a folder from the root on was expected; got \"\(path)\"")
        }
        return path
    }

    /// Reads the files.
    ///
    /// - Returns: all settings, the servers' names in order, and by `NAME.KEY` the folders that relative paths begin in.
    private func read() throws(ConfigurationError) -> (
        reader: ConfigReader, names: [String], folders: [String: String]
    ) {
        var problems: [String] = []
        var providers: [any ConfigProvider] = [
            EnvironmentVariablesProvider(environmentVariables: environment).prefixKeys(with: "baton")
        ]
        var names: [String] = []
        var folders: [String: String] = [:]
        for path in files() {
            do {
                let text = try String(contentsOfFile: path, encoding: .utf8)
                guard let root = try Yams.compose(yaml: text) else { continue }
                let found = ConfigurationKeys.problems(in: root, file: path)
                guard found.isEmpty else {
                    problems += found
                    continue
                }
                for (name, fields) in root.mapping?["servers"]?.mapping ?? [:] {
                    guard let name = name.string else { continue }
                    if !names.contains(name) { names.append(name) }
                    // A relative path in a file is relative to that file.
                    for key in ["api", "ca_file"] where fields.mapping?[Node(key)] != nil {
                        let folder = (path as NSString).deletingLastPathComponent
                        if folders["\(name).\(key)"] == nil { folders["\(name).\(key)"] = folder }
                    }
                }
                providers.append(try YAMLProvider(path: path, text: text))
            } catch {
                problems.append("\(path): \(Self.reason(error))")
            }
        }
        guard problems.isEmpty else { throw ConfigurationError(problems: problems) }
        return (ConfigReader(providers: providers), names, folders)
    }

    private func server(
        _ name: String, _ reader: ConfigReader, _ folders: [String: String],
        _ description: (String?) throws(ConfigurationError) -> APIDescription
    ) throws(ConfigurationError) -> ServerConfiguration {
        guard let text = reader.string(forKey: "url") else {
            throw ConfigurationError("servers.\(name).url is missing: as in  url: https://studio.example.com:7701")
        }
        let key: KeySource
        if let path = reader.string(forKey: "api_key_file") {
            key = .file(path)
        } else if let variable = reader.string(forKey: "api_key_env") {
            key = .environment(variable)
        } else if let line = reader.string(forKey: "api_key_command") {
            key = .command(line)
        } else {
            throw ConfigurationError(
                "servers.\(name): the API key is missing: give api_key_file, api_key_env or api_key_command")
        }
        func path(_ key: String) -> String? {
            guard let path = reader.string(forKey: ConfigKey(key)) else { return nil }
            let folder = folders["\(name).\(key)"] ?? directory
            return path.hasPrefix("/") ? path : (folder as NSString).appendingPathComponent(path)
        }
        var fingerprint: CertificateFingerprint?
        if let text = reader.string(forKey: "certificate_sha256") {
            fingerprint = CertificateFingerprint(text)
            if fingerprint == nil {
                throw ConfigurationError(
                    "servers.\(name).certificate_sha256: 64 hexadecimal digits were expected; got \"\(text)\"")
            }
        }
        var maxParallel: Int?
        if let text = reader.string(forKey: "max_parallel") {
            guard let number = Int(text), (1...100_000).contains(number) else {
                throw ConfigurationError(
                    "servers.\(name).max_parallel: a whole number from 1 on was expected; got \"\(text)\"")
            }
            maxParallel = number
        }
        var server = ServerConfiguration(
            url: try Self.url(text, for: "servers.\(name).url"),
            environment: reader.string(forKey: "environment") ?? "default",
            space: reader.string(forKey: "space"), key: key, api: try description(path("api")),
            trust: ServerTrust(caFile: path("ca_file"), fingerprint: fingerprint), maxParallel: maxParallel)
        if let text = reader.string(forKey: "settle") {
            guard let settle = Duration(text: text) else {
                throw ConfigurationError(
                    "servers.\(name).settle: a duration such as \"1s\" was expected; got \"\(text)\"")
            }
            server.startRules.settle = settle
        }
        if let text = reader.string(forKey: "exclusive") {
            guard ["true", "false"].contains(text) else {
                throw ConfigurationError("servers.\(name).exclusive: true or false was expected; got \"\(text)\"")
            }
            server.startRules.isExclusive = text == "true"
        }
        return server
    }

    private static func url(_ text: String, for what: String) throws(ConfigurationError) -> String {
        guard let url = URL(string: text), let scheme = url.scheme?.lowercased(), ["http", "https"].contains(scheme),
            let host = url.host, !host.isEmpty, (1...65_535).contains(url.port ?? 443), url.user == nil,
            url.query == nil
        else {
            throw ConfigurationError(
                "\(what): a URL such as https://studio.example.com:7701 was expected; got \"\(text.contains("@") ? "(a URL with a password)" : text)\""
            )
        }
        return text.hasSuffix("/") ? String(text.dropLast()) : text
    }

    private static func description(_ path: String?) throws(ConfigurationError) -> APIDescription {
        do {
            guard let path else { return try .default() }
            return try APIDescription(yaml: String(contentsOfFile: path, encoding: .utf8))
        } catch let error as YAMLProblems {
            let file = path ?? "(shipped with Baton)"
            throw ConfigurationError(
                problems: ["the API description \(file) cannot be used:"] + error.problems.map { "  \($0)" })
        } catch {
            throw ConfigurationError(
                "the API description \(path ?? "shipped with Baton") cannot be used: \(Self.reason(error))")
        }
    }

    /// What is wrong with a file, in words.
    private static func reason(_ error: any Error) -> String {
        switch error {
        case let error as YamlError: return "\(error)"
        case is CocoaError: return "it cannot be read"
        default: return "\(error)"
        }
    }

    /// The files that exist, nearest first.
    private func files() -> [String] {
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
