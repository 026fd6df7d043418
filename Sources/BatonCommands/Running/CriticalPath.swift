import DataStudio
import Foundation
import Orchestration

/// The steps that a run had to wait for, one after the other. Where it waited for something else, as for a time, the path begins
/// behind that.
struct CriticalPath {
    /// From the first to the last.
    let steps: [RunTree.Row]

    /// Goes back from the step that ended last: before each stands the one that ended last before it began.
    init(_ tree: RunTree) {
        let rows = tree.rows.values.filter { $0.started != nil && $0.ended != nil }
            .sorted { ($0.ended ?? $0.began, $0.step.id) < ($1.ended ?? $1.began, $1.step.id) }
        var steps: [RunTree.Row] = []
        var next = rows.last
        while let step = next {
            steps.append(step)
            next = Self.predecessor(of: step, among: rows)
        }
        self.steps = steps.reversed()
    }

    /// The step that ended last before that one began; of those that ended at about the same time, the one that stands
    /// nearest in the script: in the same chain.
    private static func predecessor(of step: RunTree.Row, among rows: [RunTree.Row]) -> RunTree.Row? {
        func end(_ row: RunTree.Row) -> Timestamp { row.ended ?? row.began }
        let earlier = rows.filter { end($0) <= step.began && $0.step.id != step.step.id }
        // A step that ended long before had nothing to do with it: something else was waited for.
        guard let last = earlier.last, step.began - end(last) <= max(.seconds(1), (last.duration ?? .zero) / 50) else {
            return nil
        }
        let tolerance = min(.seconds(1), (last.duration ?? .zero) / 20)
        let tied = earlier.filter { end(last) - end($0) <= tolerance }
        func nearness(_ row: RunTree.Row) -> Int { row.step.key.commonPrefix(with: step.step.key).count }
        return tied.max { (nearness($0), end($0)) < (nearness($1), end($1)) }
    }

    /// `load (20m 0s) → match (1h 0m)`; of very many steps the first and the last.
    func text(_ arrow: String) -> String {
        func text(_ row: RunTree.Row) -> String { "\(row.step.title) (\((row.duration ?? .zero).short))" }
        let most = 20
        let shown =
            steps.count <= most
            ? steps.map(text)
            : steps.prefix(most / 2).map(text) + ["\(steps.count - most) more"] + steps.suffix(most / 2).map(text)
        return shown.joined(separator: " \(arrow) ")
    }
}
