import JSON

/// The days on which nobody works, by a name of the configuration. A run keeps it as it was when the run began.
package struct WorkCalendar: Hashable, Sendable {
    /// Dates such as `2026-12-25`, sorted, each once. What is not in the years from the first to the last of them is not known.
    package var days: [String]
    /// Days of the week, Monday is 1.
    package var weekend: [Int]

    /// Saturday and Sunday, unless another weekend is given.
    package init(days: [String], weekend: [Int] = [6, 7]) {
        self.days = Set(days).sorted()
        self.weekend = weekend
    }

    /// The last day of the year of the last holiday; `nil` without holidays: then every day is known.
    package var lastKnownDay: String? { days.last.map { $0.prefix(4) + "-12-31" } }

    var payload: JSON {
        .record([
            "days": .array(days.map { .string($0) }), "weekend": .array(weekend.map { .integer(Int64($0)) }),
        ])
    }

    init(payload: JSON) throws(RecordError) {
        guard let days = payload["days"]?.elements, let weekend = payload["weekend"]?.elements else {
            throw RecordError("a calendar has no days")
        }
        self.init(
            days: days.compactMap(\.text),
            weekend: weekend.compactMap { if case .integer(let day) = $0 { Int(day) } else { nil } })
    }
}
