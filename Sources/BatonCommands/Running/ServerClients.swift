import BatonHost
import Logging

/// The clients of all configured servers.
struct ServerClients {
    private(set) var usable: [String: StudioClient] = [:]
    /// Configured servers that cannot be used, and why.
    private(set) var unusable: [String: String] = [:]

    /// Opens one for each server; ``shutdown()`` must follow.
    static func open(
        _ configuration: BatonConfiguration, secrets: Secrets, logger: Logger
    ) async throws -> ServerClients {
        var clients = ServerClients()
        for (name, settings) in configuration.servers {
            do throws(ConfigurationError) {
                clients.usable[name] = try await StudioClient.open(
                    settings, patience: configuration.patience, logger: logger, secrets: secrets)
            } catch {
                clients.unusable[name] = "\(error)"
            }
        }
        return clients
    }

    func shutdown() async {
        for client in usable.values { await client.shutdown() }
    }
}
