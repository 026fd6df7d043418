import DataStudio
import Orchestration
import Synchronization

/// Takes the locks that a live run wants, each beside everything else.
final class LockTaker: Sendable {
    private let keeper: RunKeeper
    private let clients: [String: StudioClient]
    /// What is still wanted.
    private let wanted = Mutex<Set<QueryID>>([])

    /// - Parameter clients: they are asked for jobs that keep a lock.
    init(_ keeper: RunKeeper, _ clients: [String: StudioClient]) {
        self.keeper = keeper
        self.clients = clients
    }

    /// From now on it may be taken.
    func want(_ query: QueryID) { wanted.withLock { _ = $0.insert(query) } }

    /// From now on it is not taken any more.
    func drop(_ query: QueryID) { wanted.withLock { _ = $0.remove(query) } }

    /// Takes it, or waits until that is possible, and reports it.
    func take(_ query: QueryID, _ request: LockRequest, _ inbox: LiveInbox) async throws {
        defer { drop(query) }
        do {
            let isTaken = try await keeper.take(
                request, isWanted: { self.isWanted(query) }, standing: standing,
                waiting: { inbox.yield(.conductor(.machine(.lockWaits(query, $0)))) },
                failing: { inbox.yield(.conductor(.machine(.lockFails(key: $0, $1)))) })
            if isTaken { inbox.yield(.conductor(.machine(.answered(query, .done)))) }
        } catch is CancellationError {
        } catch {
            inbox.yield(.conductor(.commitFailed("\(error)")))
        }
    }

    private func isWanted(_ query: QueryID) -> Bool { wanted.withLock { $0.contains(query) } }

    private func standing(of attempt: AttemptRow) async -> JobStanding {
        guard let client = clients.values.first(where: { $0.identity.name == attempt.server }) else { return .unknown }
        return await client.standing(of: attempt)
    }
}
