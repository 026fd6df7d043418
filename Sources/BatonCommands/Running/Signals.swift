import Dispatch
import Glibc

/// The signals that end a run from outside: SIGINT, SIGTERM, SIGHUP. From its making on they do not kill the process;
/// a second one does.
final class Signals {
    /// The signals as they come.
    let received: AsyncStream<Int32>
    private let sources: [any DispatchSourceSignal]

    init() {
        let (stream, continuation) = AsyncStream<Int32>.makeStream()
        received = stream
        // A closed pipe must not end a run.
        signal(SIGPIPE, SIG_IGN)
        sources = [SIGINT, SIGTERM, SIGHUP].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                // Whatever the process is doing, the next signal ends it at once.
                signal(number, SIG_DFL)
                continuation.yield(number)
            }
            source.resume()
            return source
        }
    }

    deinit {
        for source in sources { source.cancel() }
    }
}
