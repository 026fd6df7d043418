import Synchronization

/// The key in use, and where another one comes from when it is refused.
final class Credentials: Sendable {
    private let source: SecretSource
    private let key: Mutex<APIKey?>

    /// - Parameter key: `nil` to send none.
    init(_ key: APIKey?, from source: SecretSource) {
        self.source = source
        self.key = Mutex(key)
    }

    /// `nil` if none is sent.
    var current: APIKey? { key.withLock { $0 } }

    /// Reads the key from where it came.
    ///
    /// - Returns: true if it is another one now.
    func readAgain() async -> Bool {
        guard let found = try? await source.read() else { return false }
        return key.withLock { key in
            defer { key = found }
            return key?.secret != found.secret
        }
    }
}
