import BatonHost
import DataStudio
import Escaping
import Foundation
import Orchestration

/// A look at one script with its modules, with its configuration, and with its server if that is wanted.
struct StaticCheck {
    private(set) var findings: [Finding] = []
    /// What was looked at, by the names that findings have for it.
    private(set) var texts: [String: String] = [:]

    /// - Parameter server: a name in the configuration, or a URL; `nil`: the usual one.
    /// - Throws: ``Refusal`` for a script that cannot be read, and for a server that cannot be asked.
    init(_ path: String, server: String?, isOnline: Bool) async throws {
        let file = try ScriptFile(path)
        texts[path] = file.text
        if let fault = ScriptSource.syntaxFinding(in: file.text, name: path) {
            findings = [fault]
            return
        }
        let loader = ConfigurationLoader(environment: ProcessInfo.processInfo.environment, directory: file.directory)
        let configuration: BatonConfiguration?
        if isOnline {
            configuration = try loader.load(server: server)
        } else {
            // What is wrong with the settings is not the script's fault: baton config says it.
            configuration = try? loader.load()
        }
        let finder = ModuleFinder(folders: [file.directory] + [configuration?.modules].compactMap { $0 })
        // A module is called by its file here, as it lies from where the script lies.
        let base = path.folderPath
        var modules: [String: String] = [:]
        let found = try finder.texts(of: file.text)
        for (name, text) in found.named {
            let shown = finder.path(name).map {
                $0.hasPrefix(file.directory + "/") ? String($0.dropFirst(file.directory.count + 1)) : $0
            }
            let path = shown.map { $0.hasPrefix("/") || base.isEmpty ? $0 : base + "/" + $0 } ?? name
            texts[path] = text
            if let fault = ScriptSource.syntaxFinding(in: text, name: path) {
                findings.append(fault)
            } else {
                modules[path] = text
            }
        }
        let source = ScriptSource(file.text, name: path, modules: modules, possible: found.possible)
        findings += source.findings + source.moduleFindings(finder.missing)
        guard let configuration, configuration.server != nil else {
            if isOnline { throw Refusal.noServer }
            return
        }
        findings += source.configurationFindings(configuration.names)
        if isOnline { findings += try await Self.labelFindings(source, configuration) }
    }

    private static func labelFindings(
        _ source: ScriptSource, _ configuration: BatonConfiguration
    ) async throws -> [Finding] {
        try await StudioClient.asking(configuration) { client in
            guard let labels = try await OnlinePreflight.labels(client) else {
                throw Refusal(
                    lines: ["\(client.identity.url) cannot be asked for its workflows: baton doctor says why."], code: 5
                )
            }
            return source.labelFindings(known: labels)
        }
    }
}

extension BatonConfiguration {
    /// What scripts may name.
    var names: ConfiguredNames {
        var names = ConfiguredNames()
        names.secrets = secrets.keys.sorted()
        names.servers = servers.keys.sorted()
        names.calendars = calendars.keys.sorted()
        names.approvers = approvers.keys.sorted()
        names.targets = notifications.names.sorted()
        return names
    }
}

extension RunBeginning {
    /// Keeps the calendars that the script or a module may name, as they are now; of a session all: nobody knows what will be
    /// typed.
    ///
    /// - Throws: ``ConfigurationError`` for a file that cannot be read.
    mutating func keepCalendars(of configuration: BatonConfiguration) throws {
        let texts = [text] + modules.values
        calendars = try configuration.readCalendars { name in isSession || texts.contains { $0.contains(name) } }
    }
}
