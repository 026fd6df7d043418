import Foundation

/// Where an API key comes from. The key itself is read when it is needed and is never an option's value.
package enum KeySource: Sendable {
    /// A file that only its owner, and at most its group, may read.
    case file(String)
    /// An environment variable's name.
    case environment(String)
    /// The key of the simulator inside the process.
    case simulated(String)

    /// Reads the key. White space around it is dropped.
    ///
    /// - Throws: ``ConfigurationError`` that says what to do; it never shows the key.
    package func read() throws(ConfigurationError) -> APIKey {
        switch self {
        case .simulated(let key): return APIKey(key)
        case .environment(let name):
            guard let value = ProcessInfo.processInfo.environment[name] else {
                throw ConfigurationError("the environment variable \(name) with the API key is not set")
            }
            return try key(value, from: "the environment variable \(name)")
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

    private func key(_ text: String, from source: String) throws(ConfigurationError) -> APIKey {
        let key = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !key.isEmpty else { throw ConfigurationError("\(source) is empty: the API key is expected there") }
        guard key.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw ConfigurationError("\(source) holds more than a key: there is white space or a line break inside")
        }
        return APIKey(key)
    }
}
