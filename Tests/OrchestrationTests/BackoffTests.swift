import DataStudio
import Testing

@testable import Orchestration

@Suite struct BackoffTests {
    private var random = SplitMix(seed: 1)

    @Test mutating func `waits double up to a bound and end with the patience`() {
        var backoff = Backoff(patience: .seconds(300), at: .seconds(7))
        var delays: [Duration] = []
        var now = Duration.seconds(7)
        while let delay = backoff.delay(at: now, &random) {
            delays.append(delay)
            now += delay
        }
        #expect(now == .seconds(307))
        #expect(delays[0] <= .milliseconds(250))
        #expect(delays.allSatisfy { $0 <= .seconds(19) })
        #expect((10...40).contains(delays.count))
    }

    @Test mutating func `what a server wants is obeyed beyond the patience, up to an hour`() {
        var backoff = Backoff(patience: .seconds(10), at: .zero)
        #expect(backoff.delay(at: .zero, atLeast: .seconds(5), &random) == .seconds(5))
        #expect(backoff.delay(at: .seconds(5), atLeast: .seconds(600), &random) == .seconds(600))
        #expect(backoff.delay(at: .seconds(605), atLeast: .seconds(600), &random) == nil)
        var endless = Backoff(patience: .seconds(10), at: .zero)
        #expect(endless.delay(at: .zero, atLeast: .seconds(86_400), &random) == .seconds(3600))
    }

    @Test mutating func `without patience there is no second try`() {
        var backoff = Backoff(patience: .zero, at: .zero)
        #expect(backoff.delay(at: .zero, &random) == nil)
    }

    @Test mutating func `a limit ends a row before the patience does`() {
        var backoff = Backoff(patience: .seconds(300), at: .zero)
        #expect(backoff.delay(at: .seconds(30), limit: .seconds(30), &random) == nil)
    }
}
