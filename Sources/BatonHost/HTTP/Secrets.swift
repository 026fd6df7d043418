import Foundation
import JSON
package import Orchestration

/// What stands for each secret of a run, and its value: it comes in its place when something leaves, and goes when
/// something comes.
package struct Secrets: Sendable {
    private let entries: [(mask: String, value: APIKey)]

    /// Shorter ones would be found everywhere.
    private static let shortest = 4

    /// No secrets.
    package static let none = Secrets(entries: [])

    private init(entries: [(mask: String, value: APIKey)]) {
        self.entries = entries
    }

    /// Reads the secrets that a run may use.
    ///
    /// - Throws: ``ConfigurationError`` for those that are not configured or cannot be read.
    package init(of beginning: RunBeginning, from sources: [String: SecretSource]) async throws(ConfigurationError) {
        var entries: [(mask: String, value: APIKey)] = []
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
                entries.append((beginning.mask(of: name), value))
            } catch {
                problems += error.problems
            }
        }
        guard problems.isEmpty else { throw ConfigurationError(problems: problems) }
        // Jobs of other runs may repeat the others. A command is not run for that.
        for (name, source) in sources.sorted(by: { $0.key < $1.key }) where !beginning.secrets.contains(name) {
            if case .command = source { continue }
            guard let value = try? await source.read(), value.secret.utf8.count >= Self.shortest else { continue }
            entries.append((beginning.mask(of: name), value))
        }
        self.init(entries: entries)
    }

    var isEmpty: Bool { entries.isEmpty }

    /// A text with the values in it.
    func revealed(in text: String) -> String {
        entries.reduce(text) { $0.replacing($1.mask, with: $1.value.secret) }
    }

    /// A JSON text with the values in its strings.
    func revealed(inJSON text: String) -> String {
        entries.reduce(text) { text, entry in
            let quoted = JSON.string(entry.value.secret).jsonText
            return text.replacing(entry.mask, with: quoted.dropFirst().dropLast())
        }
    }

    /// A path or query with the values in it.
    func revealed(inPath path: String) -> String {
        entries.reduce(path) { path, entry in
            let value = entry.value.secret.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
            let mask = entry.mask.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? entry.mask
            return path.replacing(entry.mask, with: value).replacing(mask, with: value)
                .replacing(entry.mask.replacing("*", with: "%2A"), with: value)
        }
    }

    /// What came, with what stands for the values wherever they are in it.
    func hidden(in bytes: [UInt8]) -> [UInt8] {
        entries.reduce(bytes) { APIKey.hidden($1.value, in: $0, as: $1.mask) }
    }

    /// Likewise.
    func hidden(in text: String) -> String {
        entries.reduce(text) { $1.value.hidden(in: $0, as: $1.mask) }
    }
}
