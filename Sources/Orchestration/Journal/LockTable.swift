/// Who holds what, and who waits: the rules of locks and pools, as values.
package struct LockTable {
    private let rows: [LockRow]
    private let isLive: (String) -> Bool

    /// - Parameters:
    ///   - rows: of all names, to find who waits for each other; for anything else those of one name.
    ///   - isLive: whether a process holds a run.
    package init(_ rows: [LockRow], isLive: @escaping (String) -> Bool) {
        self.rows = rows
        self.isLive = isLive
    }

    /// Whether a block may hold what it wants now. Those of dead runs keep what they hold, and do not come first.
    package func verdict(for own: LockRow) -> LockVerdict {
        guard own.state == .waiting else { return .taken }
        let others = rows.filter { $0.request.name == own.request.name && !$0.isOf(own.run, own.request.key) }
        let before = others.filter { other in
            guard other.state == .waiting else { return true }
            guard let turn = other.turn, turn < own.turn ?? .max else { return false }
            return isLive(other.run)
        }
        let size = before.map(\.request.size).min().map { min($0, own.request.size) } ?? own.request.size
        return before.count < size ? .taken : .waits(for: before)
    }

    // MARK: Waiting for each other

    /// A block of a run that waits for what has a name, and that is to give way: it waits for ever, and was the last to begin
    /// of those who wait for each other. One that waits behind another of its run does not look for itself.
    package func deadlock(in run: String, of name: String) -> LockVerdict? {
        let knot = Knot(rows, isLive)
        for own in knot.stuck where own.run == run && own.request.name == name {
            let circle = knot.circle(of: own)
                .sorted { ($0.since, $0.run, $0.request.key) < ($1.since, $1.run, $1.request.key) }
            if circle.last == own { return .deadlock(key: own.request.key, circle) }
        }
        return nil
    }

    /// Who waits within blocks that others wait for: nobody waits for any other.
    private struct Knot {
        /// Who waits for what no one will let go of as long as they wait.
        private(set) var stuck: Set<LockRow>
        private let holders: [String: [LockRow]]
        /// Who waits within each block that holds something.
        private let within: [LockRow: [LockRow]]

        init(_ rows: [LockRow], _ isLive: (String) -> Bool) {
            let holding = rows.filter { $0.state != .waiting }
            holders = Dictionary(grouping: holding, by: \.request.name)
            let blocks = Dictionary(grouping: holding.filter { $0.state == .held }, by: \.run)
            var within: [LockRow: [LockRow]] = [:]
            // A run that no process holds may be resumed: it is waited for.
            for waiter in rows where waiter.state == .waiting && blocks[waiter.run] != nil && isLive(waiter.run) {
                for block in blocks[waiter.run] ?? [] where block.isAround(waiter) {
                    within[block, default: []].append(waiter)
                }
            }
            self.within = within
            stuck = Set(within.values.joined())
            while true {
                let free = stuck.filter(mayGoOn)
                guard !free.isEmpty else { break }
                stuck.subtract(free)
            }
        }

        private func mayGoOn(_ waiter: LockRow) -> Bool {
            let before = holders[waiter.request.name] ?? []
            return before.count < waiter.request.size
                || before.contains { holder in
                    !(within[holder] ?? []).contains(where: stuck.contains)
                }
        }

        /// Those who wait for each other, the block among them; none if it only waits for such.
        func circle(of own: LockRow) -> [LockRow] {
            let behind = reached(from: own)
            return behind.contains(own) ? behind.filter { reached(from: $0).contains(own) } : []
        }

        private func reached(from start: LockRow) -> Set<LockRow> {
            var (seen, next): (Set<LockRow>, [LockRow]) = ([], [start])
            while let waiter = next.popLast() {
                for other in (holders[waiter.request.name] ?? []).flatMap({ within[$0] ?? [] })
                where stuck.contains(other) && seen.insert(other).inserted {
                    next.append(other)
                }
            }
            return seen
        }
    }
}
