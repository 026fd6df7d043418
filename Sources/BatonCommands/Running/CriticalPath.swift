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
            .sorted { (Self.end($0), $0.step.id) < (Self.end($1), $1.step.id) }
        var steps: [RunTree.Row] = []
        var next = rows.indices.last
        while let index = next {
            steps.append(rows[index])
            next = Self.predecessor(of: index, in: rows)
        }
        self.steps = steps.reversed()
    }

    private static func end(_ row: RunTree.Row) -> Timestamp { row.ended ?? row.began }

    /// The step that ended last before that one began; of those that ended at about the same time, the one that stands
    /// nearest in the script: in the same chain.
    ///
    /// - Parameter rows: by their ends.
    private static func predecessor(of index: Int, in rows: [RunTree.Row]) -> Int? {
        let step = rows[index]
        // No step comes before one that ended before it, so the path ends whatever the clocks say.
        let earlier = rows[..<min(index, firstIndex(in: rows) { end($0) > step.began })]
        // A step that ended long before had nothing to do with it: something else was waited for.
        guard let last = earlier.last, step.began - end(last) <= max(.seconds(1), (last.duration ?? .zero) / 50) else {
            return nil
        }
        let tolerance = min(.seconds(1), (last.duration ?? .zero) / 20)
        let first = firstIndex(in: rows) { end(last) - end($0) <= tolerance }
        let tied = earlier.indices[max(first, earlier.endIndex - mostTied)...]
        func nearness(_ index: Int) -> Int { rows[index].step.key.commonPrefix(with: step.step.key).count }
        return tied.max { (nearness($0), end(rows[$0])) < (nearness($1), end(rows[$1])) }
    }

    /// Of how many steps that ended at about the same time the nearest is looked for.
    private static let mostTied = 1000

    /// The first row that meets a condition, which all rows behind it meet as well.
    private static func firstIndex(in rows: [RunTree.Row], where condition: (RunTree.Row) -> Bool) -> Int {
        var (low, high) = (0, rows.count)
        while low < high {
            let middle = (low + high) / 2
            if condition(rows[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
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
