import BatonHost
import Logging

extension StudioClient {
    /// Asks the server that a configuration names, with a client that is there for as long as the body takes.
    ///
    /// - Throws: ``Refusal/noServer`` if it names none.
    static func asking<Answer>(
        _ configuration: BatonConfiguration, _ body: (StudioClient) async throws -> Answer
    ) async throws -> Answer {
        guard let name = configuration.server, let settings = configuration.servers[name] else {
            throw Refusal.noServer
        }
        let client = try await StudioClient.open(settings, patience: configuration.patience)
        let answer: Result<Answer, any Error>
        do {
            answer = .success(try await body(client))
        } catch {
            answer = .failure(error)
        }
        await client.shutdown()
        return try answer.get()
    }
}

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
