import DataStudio
import Foundation
import Orchestration

/// The servers of a configuration.
extension ConfigurationLoader {
    func servers(
        _ settings: SettingReader, needsAPI: Bool, isSimulated: Bool, _ configuration: inout BatonConfiguration
    ) {
        let names = settings.files.names(below: ["servers"])
        for name in names {
            do throws(ConfigurationError) {
                let path = settings.path("servers", name, "api")
                var api: APIDescription
                do throws(ConfigurationError) {
                    api = try Self.description(path)
                } catch {
                    guard !needsAPI else { throw error }
                    configuration.apiProblems[name] = error.problems
                    api = try Self.description(nil)
                }
                configuration.servers[name] = try server(name, settings, api)
            } catch {
                settings.problems += error.problems
            }
        }
        // What is simulated has to be known by name only.
        for name in names where isSimulated && configuration.servers[name] == nil {
            guard let api = try? Self.description(nil) else { break }
            configuration.servers[name] = ServerConfiguration(url: "http://\(name)", key: .literal(""), api: api)
        }
        guard let name = configuration.server else { return }
        if name.contains("://") {
            do throws(ConfigurationError) {
                configuration.servers[name] = ServerConfiguration(
                    url: try Self.url(name, for: "the server"), environment: settings.text("environment") ?? "default",
                    space: settings.text("space"), key: .environment("BATON_API_KEY"),
                    api: try Self.description(settings.environment["BATON_API"]))
            } catch {
                settings.problems += error.problems
            }
        } else if configuration.servers[name] == nil, settings.problems.isEmpty {
            settings.problems.append(
                "the server \"\(name)\" is not configured\(Spelling.suggestion(for: name, among: names))")
        }
    }

    private func server(
        _ name: String, _ settings: SettingReader, _ api: APIDescription
    ) throws(ConfigurationError) -> ServerConfiguration {
        let path = ["servers", name]
        func text(_ key: String) -> String? { settings.text(path + [key]) }
        guard let url = text("url") else {
            throw ConfigurationError("servers.\(name).url is missing: as in  url: https://studio.example.com:7701")
        }
        // A service needs to say no more than LoadCredential=NAME.key:PATH.
        let credential = settings.credential("\(name).key").map { SecretSource.file($0) }
        guard let key = settings.secret(path, prefix: "api_key_") ?? credential else {
            throw ConfigurationError(
                "servers.\(name): the API key is missing: give api_key_file, api_key_env or api_key_command")
        }
        var fingerprint: CertificateFingerprint?
        if let text = text("certificate_sha256") {
            fingerprint = CertificateFingerprint(text)
            if fingerprint == nil {
                throw ConfigurationError(
                    "servers.\(name).certificate_sha256: 64 hexadecimal digits were expected; got \"\(text)\"")
            }
        }
        var maxParallel: Int?
        if let text = text("max_parallel") {
            guard let number = Int(text), (1...100_000).contains(number) else {
                throw ConfigurationError(
                    "servers.\(name).max_parallel: a whole number from 1 on was expected; got \"\(text)\"")
            }
            maxParallel = number
        }
        var server = ServerConfiguration(
            url: try Self.url(url, for: "servers.\(name).url"), environment: text("environment") ?? "default",
            space: text("space"), key: key, api: api,
            trust: ServerTrust(caFile: settings.path(path + ["ca_file"]), fingerprint: fingerprint),
            maxParallel: maxParallel)
        if let settle = settings.duration("servers", name, "settle", example: "1s") {
            server.startRules.settle = settle
        }
        server.startRules.isExclusive = settings.boolean("servers", name, "exclusive") ?? false
        server.startRules.keepsJobs = settings.boolean("servers", name, "keeps_jobs") ?? false
        return server
    }

    private static func url(_ text: String, for what: String) throws(ConfigurationError) -> String {
        guard let url = URL(string: text), let scheme = url.scheme?.lowercased(), ["http", "https"].contains(scheme),
            let host = url.host, !host.isEmpty, url.hasValidPort, url.user == nil,
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
                "the API description \(path ?? "shipped with Baton") cannot be used: "
                    + ConfigurationFiles.reason(error))
        }
    }
}
