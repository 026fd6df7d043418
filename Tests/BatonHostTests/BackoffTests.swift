import Testing

@testable import BatonHost

@Suite struct BackoffTests {
    @Test func `waits double up to a bound and end with the patience`() {
        var backoff = Backoff(patience: .seconds(300))
        var delays: [Duration] = []
        var elapsed = Duration.zero
        while let delay = backoff.delay(after: elapsed) {
            delays.append(delay)
            elapsed += delay
        }
        #expect(elapsed == .seconds(300))
        #expect(delays[0] <= .milliseconds(250))
        #expect(delays.allSatisfy { $0 <= .seconds(19) })
        #expect((10...40).contains(delays.count))
    }

    @Test func `what a server wants is never longer than the patience`() {
        var backoff = Backoff(patience: .seconds(10))
        #expect(backoff.delay(after: .zero, atLeast: .seconds(5)) == .seconds(5))
        #expect(backoff.delay(after: .seconds(5), atLeast: .seconds(86_400)) == .seconds(5))
    }

    @Test func `without patience there is no second try`() {
        var backoff = Backoff(patience: .zero)
        #expect(backoff.delay(after: .zero) == nil)
    }
}
