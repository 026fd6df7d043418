package import DataStudio
package import Orchestration

/// The locks and pools of a rehearsed night: of one run, and of others that are made up.
package struct RehearsedLocks {
    private let run: String
    private var rows: [LockRow] = []
    /// Until when others hold what has a name.
    private let others: [String: Timestamp]

    /// - Parameter others: until when other runs hold the locks of those names.
    package init(of run: String, others: [String: Timestamp] = [:]) {
        self.run = run
        self.others = others
    }

    /// Notes what a commit says of locks.
    ///
    /// - Parameter mayRun: whether anything that was started below a key may still run.
    package mutating func take(_ changes: [Commit.LockChange], mayRun: (String) -> Bool) {
        for change in changes {
            switch change {
            case .wait(let request, let since):
                guard !rows.contains(where: { $0.request.key == request.key }) else { continue }
                rows.append(LockRow(run: run, request, since: since))
            case .release(let key): release(key, mayRun)
            case .only(let keys):
                for row in rows where !keys.contains(row.request.key) { release(row.request.key, mayRun) }
            }
        }
    }

    private mutating func release(_ key: String, _ mayRun: (String) -> Bool) {
        guard let place = rows.firstIndex(where: { $0.request.key == key }) else { return }
        if rows[place].state != .waiting, mayRun(key) { rows[place].state = .left } else { rows.remove(at: place) }
    }

    /// Takes what a block wants to hold.
    ///
    /// - Returns: false if it has to wait.
    package mutating func take(_ request: LockRequest, at now: Timestamp, mayRun: (String) -> Bool) -> Bool {
        take([.wait(request, since: now)], mayRun: mayRun)
        rows.removeAll { $0.state == .left && $0.request.key != request.key && !mayRun($0.request.key) }
        guard now >= others[request.name] ?? now,
            let place = rows.firstIndex(where: { $0.request.key == request.key }),
            LockTable(rows, isLive: { _ in true }).verdict(for: rows[place]) == .taken
        else { return false }
        (rows[place].state, rows[place].since) = (.held, now)
        return true
    }
}
