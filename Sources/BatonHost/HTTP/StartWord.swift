import NIOCore
import Synchronization

/// The word whether a start, whose connection is open, is sent. Until it is given nothing leaves.
package final class StartWord: Sendable {
    private enum State {
        /// There is no connection yet.
        case none
        /// The connection waits.
        case waiting(EventLoopPromise<Void>)
        case gone
        case dropped
    }

    /// Why a start was not sent.
    struct Dropped: Error {}

    private let state = Mutex(State.none)
    private let byRun = Atomic(false)
    private let decided: AsyncStream<Void>
    private let decide: AsyncStream<Void>.Continuation

    /// A start without a connection.
    package init() {
        (decided, decide) = AsyncStream<Void>.makeStream()
    }

    /// Waits until the word is given, either way. For one.
    func decision() async {
        for await _ in decided {}
    }

    /// There is a connection: it is used when the future succeeds.
    func wait(on loop: any EventLoop) -> EventLoopFuture<Void> {
        let promise = loop.makePromise(of: Void.self)
        let isDropped = state.withLock { state in
            switch state {
            case .none:
                state = .waiting(promise)
                return false
            // A second connection for one start is never used.
            case .waiting, .gone, .dropped: return true
            }
        }
        if isDropped { promise.fail(Dropped()) }
        return promise.futureResult
    }

    /// Send it.
    package func go() {
        finish(.gone)?.succeed()
    }

    /// Do not send it.
    package func drop() {
        finish(.dropped)?.fail(Dropped())
    }

    /// The run does not want it sent, and needs no word of how it ended.
    package func dropByRun() {
        byRun.store(true, ordering: .releasing)
        drop()
    }

    /// True if the run did not want it sent.
    package var wasDroppedByRun: Bool { byRun.load(ordering: .acquiring) }

    private func finish(_ new: State) -> EventLoopPromise<Void>? {
        defer { decide.finish() }
        return decision(new)
    }

    private func decision(_ new: State) -> EventLoopPromise<Void>? {
        state.withLock { state in
            switch state {
            case .none:
                state = .dropped
                return nil
            case .waiting(let promise):
                state = new
                return promise
            case .gone, .dropped: return nil
            }
        }
    }

    /// True if it may have been sent.
    package var hasGone: Bool { state.withLock { if case .gone = $0 { true } else { false } } }
}
