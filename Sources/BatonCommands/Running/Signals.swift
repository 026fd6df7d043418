import Dispatch
import Glibc
import Synchronization

/// The signals that end a run from outside: SIGINT, SIGTERM, SIGHUP. From its making on they do not kill the process;
/// a second one does.
///
/// All objects that live at the same time get each signal. One that is made after a signal that ends the process gets it too.
final class Signals {
    /// The signals as they come.
    let received: AsyncStream<Int32>
    private let id: Int

    private static let ending = [SIGINT, SIGTERM, SIGHUP]
    private static let hub = SignalHub()

    /// The first signal that ends the process, if one has come since the first object was made.
    static var taken: Int32? { hub.taken }

    /// - Parameter lasting: signals that are taken however often they come, besides those.
    init(lasting: [Int32] = []) {
        let (stream, continuation) = AsyncStream<Int32>.makeStream()
        received = stream
        id = Self.hub.add(continuation, ending: Self.ending.filter { !lasting.contains($0) })
        Self.takeEnding
        for number in lasting {
            signal(number) { number in
                var byte = UInt8(truncatingIfNeeded: number)
                _ = write(handlersOutput, &byte, 1)
            }
        }
    }

    deinit { Self.hub.remove(id) }

    /// Sets the handlers, once: after the first signal, the second one is to find none, whoever listens by then.
    private static let takeEnding: Void = {
        for number in ending {
            // Handled from here on: a dispatch source for signals loses those that come before it is under way.
            signal(number) { number in
                var byte = UInt8(truncatingIfNeeded: number)
                _ = write(handlersOutput, &byte, 1)
                // Whatever the process is doing, the next signal ends it at once.
                signal(number, SIG_DFL)
            }
        }
    }()
}

/// Reads what the handlers write, and passes it to all who listen.
private final class SignalHub: Sendable {
    private struct State {
        var listeners: [Int: AsyncStream<Int32>.Continuation] = [:]
        var count = 0
        /// The signals that end the process.
        var ending: [Int32] = []
        /// What the next to listen gets: what nobody has got yet, and what ends the process.
        var kept: [Int32] = []
    }

    private let state = Mutex(State())
    /// Safe: it is set up when the hub is made, and only kept from then on.
    nonisolated(unsafe) private let source: any DispatchSourceRead

    init() {
        var ends: [Int32] = [-1, -1]
        _ = pipe(&ends)
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        handlersOutput = ends[1]
        let output = ends[0]
        source = DispatchSource.makeReadSource(fileDescriptor: output, queue: .global())
        source.setEventHandler { [weak self] in
            var number: UInt8 = 0
            while read(output, &number, 1) == 1 { self?.pass(Int32(number)) }
        }
        source.resume()
    }

    private func pass(_ number: Int32) {
        state.withLock { state in
            if state.listeners.isEmpty || state.ending.contains(number) { state.kept.append(number) }
            for listener in state.listeners.values { listener.yield(number) }
        }
    }

    func add(_ listener: AsyncStream<Int32>.Continuation, ending: [Int32]) -> Int {
        state.withLock { state in
            state.count += 1
            state.listeners[state.count] = listener
            state.ending = ending
            for number in state.kept { listener.yield(number) }
            state.kept.removeAll { !ending.contains($0) }
            return state.count
        }
    }

    var taken: Int32? { state.withLock { state in state.kept.first { state.ending.contains($0) } } }

    func remove(_ id: Int) { state.withLock { $0.listeners[id] = nil } }
}

/// What the handlers write to. Safe: it is set to the one value it ever has before a handler is there.
nonisolated(unsafe) private var handlersOutput: Int32 = -1
