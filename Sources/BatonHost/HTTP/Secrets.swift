import DataStudio
import Escaping
import Foundation
import JSON
package import Orchestration

/// What stands for each secret of a run, and its value: it comes in its place when something leaves, and goes when
/// something comes.
///
/// What a server repeats gets a mark, not the mask: a script that passes the answer on does not give the secret to whoever
/// gets it.
package struct Secrets: Sendable {
    private struct Entry {
        let name: String
        /// The run's own text for it, which a script sends.
        let mask: String
        /// What stands for it in what comes.
        let mark: String
        let value: APIKey
        /// The hosts that it may go to; `nil`: any.
        let hosts: [String]?
    }

    /// A secret was to go to a host that it is not for.
    struct Withheld: Error {
        /// What is wrong, and where it is set.
        let message: String

        /// As if the server had refused the request: it would not be sent later either.
        var refusal: StudioReply { StudioReply(status: 400, body: Array(message.utf8)) }
    }

    private let entries: [Entry]

    /// Shorter ones would be found everywhere.
    private static let shortest = 4

    /// No secrets.
    package static let none = Secrets(entries: [])

    private init(entries: [Entry]) {
        self.entries = entries
    }

    /// Reads the secrets that a run may use.
    ///
    /// - Parameter hosts: which hosts each may go to, where that is limited.
    /// - Throws: ``ConfigurationError`` for those that are not configured or cannot be read.
    package init(
        of beginning: RunBeginning, from sources: [String: SecretSource], hosts: [String: [String]] = [:]
    ) async throws(ConfigurationError) {
        var entries: [Entry] = []
        func entry(_ name: String, _ value: APIKey) -> Entry {
            Entry(
                name: name, mask: beginning.mask(of: name), mark: beginning.mark(of: name), value: value,
                hosts: hosts[name]?.map { $0.lowercased() })
        }
        var problems: [String] = []
        for name in beginning.secrets {
            guard let source = sources[name] else {
                problems.append("the secret \(name): it is not configured any more (secrets.\(name))")
                continue
            }
            do throws(ConfigurationError) {
                let value = try await source.read("the secret \(name)")
                guard value.secret.utf8.count >= Self.shortest else {
                    problems.append(
                        "the secret \(name): it has fewer than \(Self.shortest) characters, and could not be hidden in what servers "
                            + "answer")
                    continue
                }
                entries.append(entry(name, value))
            } catch {
                problems += error.problems
            }
        }
        guard problems.isEmpty else { throw ConfigurationError(problems: problems) }
        // Jobs of other runs may repeat the others. A command is not run for that.
        for (name, source) in sources.sorted(by: { $0.key < $1.key }) where !beginning.secrets.contains(name) {
            if case .command = source { continue }
            guard let value = try? await source.read(), value.secret.utf8.count >= Self.shortest else { continue }
            entries.append(entry(name, value))
        }
        self.init(entries: entries)
    }

    var isEmpty: Bool { entries.isEmpty }

    /// Finds a secret in texts that are about to leave for a host that it is not for.
    func check(_ texts: [String], for host: String?) throws(Withheld) {
        let host = host?.lowercased() ?? ""
        for entry in entries {
            guard let hosts = entry.hosts, !hosts.contains(host) else { continue }
            if texts.contains(where: { text in masks(of: entry).contains { text.contains(bytes: $0) } }) {
                throw Withheld(
                    message: "the secret \(entry.name) may not go to \(host): secrets.\(entry.name).hosts names "
                        + hosts.joined(separator: ", "))
            }
        }
    }

    /// The mask as it may stand in a path.
    private func masks(of entry: Entry) -> [String] {
        [
            entry.mask, entry.mask.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? entry.mask,
            entry.mask.replacing(bytes: "*", with: "%2A"),
        ]
    }

    /// A text with the values in it.
    func revealed(in text: String) -> String {
        entries.reduce(text) { $0.replacing(bytes: $1.mask, with: $1.value.secret) }
    }

    /// A JSON text with the values in its strings.
    func revealed(inJSON text: String) -> String {
        entries.reduce(text) { text, entry in
            let quoted = JSON.string(entry.value.secret).jsonText
            return text.replacing(bytes: entry.mask, with: String(quoted.dropFirst().dropLast()))
        }
    }

    /// A path or query with the values in it.
    func revealed(inPath path: String) -> String {
        entries.reduce(path) { path, entry in
            let value = entry.value.secret.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
            return masks(of: entry).reduce(path) { $0.replacing(bytes: $1, with: value) }
        }
    }

    /// What came, with what stands for the values wherever they are in it.
    func hidden(in bytes: [UInt8]) -> [UInt8] {
        entries.reduce(bytes) { APIKey.hidden($1.value, in: $0, as: $1.mark) }
    }

    /// Likewise.
    func hidden(in text: String) -> String {
        entries.reduce(text) { $1.value.hidden(in: $0, as: $1.mark) }
    }
}
