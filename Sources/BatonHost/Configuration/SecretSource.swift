import Foundation
import Subprocess
import SystemPackage

/// Where a secret comes from, as an API key. It is read when it is needed and is never an option's value.
package enum SecretSource: Sendable {
    /// A file that only its owner, and at most its group, may read.
    case file(String)
    /// An environment variable's name.
    case environment(String)
    /// A line for the shell that prints the secret.
    case command(String)
    /// The secret itself: the key of the simulator inside the process, an address in a configuration file.
    case literal(String)

    /// The setting that names it and where it comes from, as `api_key_file: /etc/baton/studio.key`; `nil` for one that is
    /// given. A command is not shown: it may hold secrets itself.
    ///
    /// - Parameter prefix: of the setting, as `api_key_`.
    func setting(_ prefix: String) -> String? {
        switch self {
        case .file(let path): "\(prefix)file: \(path)"
        case .environment(let name): "\(prefix)env: \(name)"
        case .command: "\(prefix)command"
        case .literal: nil
        }
    }

    /// How long a command may take.
    private static let commandTime = Duration.seconds(30)

    /// Reads the secret. White space around it is dropped.
    ///
    /// - Parameter what: how messages call it, as `the API key`.
    /// - Throws: ``ConfigurationError`` that says what to do; it never shows the secret.
    package func read(_ what: String = "the API key") async throws(ConfigurationError) -> APIKey {
        switch self {
        case .literal(let text): return APIKey(text)
        case .environment(let name):
            guard let value = ProcessInfo.processInfo.environment[name] else {
                throw ConfigurationError("\(what): the environment variable \(name), which holds it, is not set")
            }
            return try secret(value, what, from: "the environment variable \(name)")
        case .command(let line):
            return try secret(try await output(of: line, what), what, from: "what its command prints")
        case .file(let path): return try secret(try Self.contents(of: path, what), what, from: "the file \(path)")
        }
    }

    private static func contents(of path: String, _ what: String) throws(ConfigurationError) -> String {
        do {
            return try TrustedFile.secret(of: path)
        } catch let error as TrustedFile.Distrust {
            throw ConfigurationError("\(what): \(error)")
        } catch let error as TrustedFile.Unreadable where error.isMissing {
            throw ConfigurationError("\(what): the file \(path) does not exist")
        } catch {
            throw ConfigurationError("\(what): the file \(path) cannot be read: \(error)")
        }
    }

    /// What a shell prints. What it writes to standard error is passed on, so that it may ask and explain.
    private func output(of line: String, _ what: String) async throws(ConfigurationError) -> String {
        let failed = ConfigurationError(
            "\(what): its command did not print it. Run the command that the configuration gives by hand to see why")
        do {
            return try await withThrowingTaskGroup(of: String?.self) { group in
                group.addTask {
                    let result = try await Program.run(.path("/bin/sh"), ["-c", line], passesErrorsOn: true)
                    return result.isSuccess && !result.isCut ? result.output : nil
                }
                group.addTask {
                    try await Task.sleep(for: Self.commandTime)
                    return nil
                }
                defer { group.cancelAll() }
                guard let text = try await group.next() ?? nil else { throw failed }
                return text
            }
        } catch {
            throw failed
        }
    }

    private func secret(_ text: String, _ what: String, from source: String) throws(ConfigurationError) -> APIKey {
        let key = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !key.isEmpty else { throw ConfigurationError("\(what): \(source) is empty") }
        guard key.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw ConfigurationError(
                "\(what): \(source) holds more than that: there is white space or a line break inside")
        }
        return APIKey(key)
    }
}
