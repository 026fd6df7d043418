import DataStudio
import Foundation

/// How long a journal is waited for that another process keeps locked: one that prunes or copies it, or was stopped.
package struct BusyPatience: Sendable {
    /// How long it is tried again; zero: it is tried once.
    package let limit: Duration
    private let tell: @Sendable (String) -> Void

    /// The patience of runs and commands.
    package static let usual = Duration.seconds(300)

    /// - Parameter tell: told once of a wait that takes seconds, in a sentence that names who holds the lock if that is
    ///   known.
    package init(_ limit: Duration = usual, tell: @escaping @Sendable (String) -> Void = { _ in }) {
        self.limit = limit
        self.tell = tell
    }

    /// It is tried once.
    package static let none = BusyPatience(.zero)

    /// Does something, and again as long as a busy journal keeps it from being done. The thread waits.
    func whileBusy<Value>(_ body: () throws(JournalError) -> Value) throws(JournalError) -> Value {
        var wait = BusyWait(limit: limit)
        while true {
            do throws(JournalError) {
                return try body()
            } catch {
                guard error.code == .busy, let pause = wait.pause(at: .now) else { throw error }
                if wait.takeNotice(at: .now) { tell(wait.notice(error)) }
                Thread.sleep(forTimeInterval: pause.seconds)
            }
        }
    }
}

/// One wait for a busy journal: the growing pauses between its tries.
package struct BusyWait: Sendable {
    private let limit: Duration
    private var began: ContinuousClock.Instant?
    private var next = Duration.milliseconds(20)
    /// True once the wait was long enough to be told.
    package private(set) var isTold = false

    private static let longestPause = Duration.seconds(1)
    /// Shorter waits are nobody's trouble.
    private static let noticeable = Duration.seconds(3)

    /// - Parameter limit: how long it is tried again, since the first failure.
    package init(limit: Duration) {
        self.limit = limit
    }

    /// How long to wait before the next try.
    ///
    /// - Parameters:
    ///   - now: when the last try failed.
    ///   - deadline: after which there is no other try, if that is earlier than the limit.
    /// - Returns: `nil` if there is no other try.
    package mutating func pause(
        at now: ContinuousClock.Instant, until deadline: ContinuousClock.Instant? = nil
    ) -> Duration? {
        let began = began ?? now
        self.began = began
        let end = min(began + limit, deadline ?? began + limit)
        guard now < end else { return nil }
        let pause = min(next, end - now)
        next = min(next * 2, Self.longestPause)
        return pause
    }

    /// True once, when the wait has become long enough to be told.
    package mutating func takeNotice(at now: ContinuousClock.Instant) -> Bool {
        guard !isTold, let began, now - began >= Self.noticeable else { return false }
        isTold = true
        return true
    }

    /// What a person is told.
    package func notice(_ error: JournalError) -> String {
        "\(error.description); waiting for up to \(limit.short)"
    }
}
