import Foundation
import Subprocess
import SystemPackage

/// Where an API key comes from. The key itself is read when it is needed and is never an option's value.
package enum KeySource: Sendable {
    /// A file that only its owner, and at most its group, may read.
    case file(String)
    /// An environment variable's name.
    case environment(String)
    /// A line for the shell that prints the key.
    case command(String)
    /// The key of the simulator inside the process.
    case simulated(String)

    /// How long a command may take.
    private static let commandTime = Duration.seconds(30)

    /// Reads the key. White space around it is dropped.
    ///
    /// - Throws: ``ConfigurationError`` that says what to do; it never shows the key.
    package func read() async throws(ConfigurationError) -> APIKey {
        switch self {
        case .simulated(let key): return APIKey(key)
        case .environment(let name):
            guard let value = ProcessInfo.processInfo.environment[name] else {
                throw ConfigurationError("the environment variable \(name) with the API key is not set")
            }
            return try key(value, from: "the environment variable \(name)")
        case .command(let line): return try key(try await output(of: line), from: "the output of api_key_command")
        case .file(let path):
            let attributes: [FileAttributeKey: Any]
            let text: String
            do {
                attributes = try FileManager.default.attributesOfItem(atPath: path)
                text = try String(contentsOf: URL(fileURLWithPath: path), encoding: .utf8)
            } catch {
                let reason = FileManager.default.fileExists(atPath: path) ? "cannot be read" : "does not exist"
                throw ConfigurationError("the key file \(path) \(reason)")
            }
            if let mode = attributes[.posixPermissions] as? Int, mode & 0o007 != 0 {
                throw ConfigurationError("everybody can read the key file \(path): run  chmod o= \(path)")
            }
            return try key(text, from: "the key file \(path)")
        }
    }

    /// What a shell prints. What it writes to standard error is passed on, so that it may ask and explain.
    private func output(of line: String) async throws(ConfigurationError) -> String {
        let failed = ConfigurationError("api_key_command did not print a key: run it by hand to see why:  \(line)")
        do {
            return try await withThrowingTaskGroup(of: String?.self) { group in
                group.addTask {
                    let result = try await Subprocess.run(
                        .path("/bin/sh"), arguments: ["-c", line], input: .none, output: .string(limit: 65_536),
                        error: .currentStandardError)
                    return result.terminationStatus.isSuccess ? result.standardOutput : nil
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

    private func key(_ text: String, from source: String) throws(ConfigurationError) -> APIKey {
        let key = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !key.isEmpty else { throw ConfigurationError("\(source) is empty: the API key is expected there") }
        guard key.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw ConfigurationError("\(source) holds more than a key: there is white space or a line break inside")
        }
        return APIKey(key)
    }
}
