import BatonHost
import DataStudio
import Orchestration

/// What can be known of a script before its first start by asking its server: that the key is good, and that the workflows
/// it names are there.
struct OnlinePreflight {
    private let beginning: RunBeginning
    private let client: StudioClient?

    init(_ beginning: RunBeginning, _ client: StudioClient?) {
        self.beginning = beginning
        self.client = client
    }

    /// - Throws: ``Refusal`` for a key that is refused and for labels that no workflow has. A server that cannot be asked is
    ///   no reason: it may be there when it is needed.
    func check() async throws {
        let source = ScriptSource(beginning.text, name: beginning.script)
        guard let client, !source.startedLabels.isEmpty, let known = try await Self.labels(client) else { return }
        let missing = source.labelFindings(known: known)
        guard missing.isEmpty else { throw Refusal(lines: missing.map(\.description)) }
    }

    /// The labels of all workflows of a server.
    ///
    /// - Returns: `nil` if it cannot be asked.
    /// - Throws: ``Refusal`` for a key that is refused.
    static func labels(_ client: StudioClient) async throws -> Set<String>? {
        try await workflows(client).map { Set($0.map(\.label)) }
    }

    /// All workflows of a server; the rest as for ``labels(_:)``.
    static func workflows(_ client: StudioClient) async throws -> [Workflow]? {
        guard client.api.supports(.listWorkflows) else { return nil }
        var known: [Workflow] = []
        var cursor = ListCursor.first
        for _ in 0..<ListCursor.mostPages {
            guard let request = try? client.api.workflowListRequest(at: cursor) else { return nil }
            switch ErrorPolicy.verdict(await client.send(request), .question, client.api) {
            case .read(let reply):
                guard let page = try? client.api.readWorkflows(reply, at: cursor) else { return nil }
                known += page.items
                // Who knows what is on the rest.
                guard !page.isCut else { return nil }
                guard let next = page.next else { return known }
                cursor = next
            case .readKey(let status, let message):
                guard await client.readKeyAgain() == nil else { continue }
                throw Refusal(
                    lines: [
                        "\(client.identity.url) refuses the key \(client.identity.key)"
                            + (client.identity.keySetting.map { " (\($0))" } ?? "") + " (\(status)): \(message)",
                        "Put a valid key in place; key, its permissions, and the environment's label belong together.",
                    ], code: 4)
            case .again, .doubtful, .refused, .nonsense: return nil
            }
        }
        return nil
    }
}
