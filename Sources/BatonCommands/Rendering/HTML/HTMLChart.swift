import DataStudio
import Orchestration

/// The drawing of a run's steps over time: where everything is, for the template to draw.
struct HTMLChart {
    /// The steps of each phase, in order.
    let sections: [HTMLSection]
    let scale: TimeScale

    private static let width = 860.0
    private static let labelWidth = 210.0
    private static let barsLeft = 220.0
    /// What is right of it is for the durations behind the bars.
    private static let barsRight = 780.0
    private static let top = 34.0
    private static let rowHeight = 26.0
    private static let headHeight = 28.0
    private static let gap = 8.0
    private static let longestLabel = 26
    /// Of a page of paper in landscape.
    private static let tallest = 620.0
    private static let tallestSlice = 500.0

    init(_ sections: [HTMLSection], from: Timestamp, to: Timestamp) {
        self.sections = sections
        scale = TimeScale(from: from, to: to, left: Self.barsLeft, right: Self.barsRight)
    }

    /// What the template reads.
    var context: [String: Any] {
        var y = Self.top
        var phases: [[String: Any]] = []
        var rows: [[String: Any]] = []
        var cuts = [y]
        for section in sections {
            if let title = section.title {
                phases.append(["y": y, "title": title])
                y += Self.headHeight
            }
            for step in section.steps {
                rows.append(row(step, y))
                y += Self.rowHeight
                cuts.append(y)
            }
            y += Self.gap
        }
        var context: [String: Any] = [
            "width": Self.width, "height": y, "axisY": 14.0, "gridTop": 22.0, "gridBottom": y - 6,
            "labelWidth": Self.labelWidth, "phases": phases, "rows": rows,
            "ticks": scale.marks.map { mark -> [String: Any] in
                ["x": scale.x(mark), "label": scale.label(mark), "anchor": "middle"]
            },
            "description": description, "hasUsual": sections.contains { $0.steps.contains { $0.usual != nil } },
            "isEmpty": rows.isEmpty, "isTall": y > Self.tallest,
        ]
        if y > Self.tallest { context["slices"] = Self.slices(cuts, y) }
        return context
    }

    private func row(_ step: HTMLStep, _ y: Double) -> [String: Any] {
        let x = scale.x(step.from ?? scale.to)
        let length = step.from.map { scale.width(max(.zero, step.to - $0)) }
        let width = length.map { max(2, min($0, Self.barsRight - x)) } ?? 0
        var row: [String: Any] = [
            "number": step.number, "textY": y + 17, "barY": y + 7, "barHeight": 12.0,
            "shortLabel": step.name.fittedInMiddle(to: Self.longestLabel, ellipsis: "…"), "x": x, "width": width,
            "class": step.standing, "text": step.took ?? step.state, "textAnchor": "start", "title": step.sentence,
            "hasUsual": false,
        ]
        var end = x + width
        if let usual = step.usual, step.from != nil {
            let usualWidth = min(scale.width(usual), Self.barsRight - x)
            row["hasUsual"] = true
            row["usualX"] = x
            row["usualWidth"] = usualWidth
            end = max(end, x + usualWidth)
        }
        row["textX"] = (end + 7).tenths
        return row
    }

    private var description: String {
        let steps = sections.flatMap(\.steps)
        let states = Dictionary(grouping: steps, by: \.state).map { "\($0.value.count) \($0.key)" }.sorted()
        return "\(steps.count) steps between \(scale.from.localTime) and \(scale.to.localTime): "
            + states.joined(separator: ", ") + "."
    }

    /// Pieces that fit a page, cut between rows.
    private static func slices(_ cuts: [Double], _ height: Double) -> [[String: Any]] {
        var slices: [[String: Any]] = []
        var start = top
        for (cut, next) in zip(cuts, cuts.dropFirst() + [height]) where next - start > tallestSlice {
            slices.append(["y": start, "height": cut - start])
            start = cut
        }
        return slices + [["y": start, "height": height - start]]
    }
}
