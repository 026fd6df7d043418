import DataStudio
import Orchestration
import Testing

/// When another message about a run that cannot be resumed is sent.
@Suite struct AlarmTests {
    private static let noon = Timestamp(milliseconds: 1_772_337_906_000)

    private func next(_ cause: String, _ before: Alarm?, after time: Duration) -> (alarm: Alarm, isNews: Bool) {
        Alarm.next(cause, after: before, at: Self.noon + time, remindingEvery: .seconds(3600))
    }

    @Test func `a cause leads to one message, and to a reminder when the interval has passed`() {
        let first = next("unreachable", nil, after: .zero)
        #expect(first.isNews && first.alarm == Alarm(cause: "unreachable", since: Self.noon, told: Self.noon))
        let second = next("unreachable", first.alarm, after: .seconds(3599))
        #expect(!second.isNews && second.alarm == first.alarm)
        let third = next("unreachable", second.alarm, after: .seconds(3600))
        #expect(third.isNews && third.alarm.told == Self.noon + .seconds(3600))
        #expect(third.alarm.since == Self.noon)
        #expect(!next("unreachable", third.alarm, after: .seconds(3601)).isNews)
    }

    @Test func `another cause leads to a message at once, and the trouble is as old as before`() {
        let first = next("unreachable", nil, after: .zero)
        let second = next("auth", first.alarm, after: .seconds(60))
        #expect(second.isNews && second.alarm.cause == "auth" && second.alarm.since == Self.noon)
        #expect(next("unreachable", second.alarm, after: .seconds(120)).isNews)
    }

    @Test func `a clock that was set back does not silence it`() {
        let first = next("auth", nil, after: .zero)
        #expect(next("auth", first.alarm, after: .seconds(-1)).isNews)
    }
}
