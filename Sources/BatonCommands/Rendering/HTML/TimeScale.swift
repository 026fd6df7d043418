import DataStudio

/// The axis of a chart: where on it a moment is, and which moments are marked.
struct TimeScale {
    let from: Timestamp
    let to: Timestamp
    /// In units of the drawing.
    let left: Double
    /// Likewise.
    let right: Double

    /// Steps between marks that people can count in, in seconds.
    private static let steps: [Int64] = [
        1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800,
    ]

    /// - Parameter to: a scale is never shorter than a second.
    init(from: Timestamp, to: Timestamp, left: Double, right: Double) {
        self.from = from
        self.to = max(to, from + .seconds(1))
        self.left = left
        self.right = right
    }

    func x(_ time: Timestamp) -> Double {
        left + width(min(max(time, from), to) - from)
    }

    func width(_ duration: Duration) -> Double {
        ((right - left) * duration.seconds / (to - from).seconds).tenths
    }

    /// Seven marks at most, at even times of the clock.
    var marks: [Timestamp] {
        let length = (to - from).seconds
        let step = Self.steps.first { length / Double($0) <= 6 } ?? max(604_800, Int64(length / 6))
        // Local midnight is no multiple of larger steps everywhere: the zone's offset is taken out.
        let offset = from.secondsFromUTC
        var first = ((from.seconds + offset) / step) * step - offset
        if Timestamp(milliseconds: first * 1000) < from { first += step }
        return stride(from: first, through: to.seconds, by: Int(step)).map { Timestamp(milliseconds: $0 * 1000) }
    }

    /// What a mark is called.
    func label(_ mark: Timestamp) -> String {
        let time = mark.localTime.dropFirst(11)
        return (to - from).seconds < 360 ? String(time) : String(time.prefix(5))
    }
}

extension Double {
    /// Drawings need no more.
    var tenths: Double { (self * 10).rounded() / 10 }
}
