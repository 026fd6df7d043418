import Dispatch
import Glibc

/// The signals that end a run from outside: SIGINT, SIGTERM, SIGHUP. From its making on they do not kill the process;
/// a second one does.
final class Signals {
    /// The signals as they come.
    let received: AsyncStream<Int32>
    private let source: any DispatchSourceRead

    /// - Parameter lasting: signals that are taken however often they come, besides those.
    init(lasting: [Int32] = []) {
        let (stream, continuation) = AsyncStream<Int32>.makeStream()
        received = stream
        let (output, input) = Self.pipe
        handlersOutput = input
        source = DispatchSource.makeReadSource(fileDescriptor: output, queue: .global())
        source.setEventHandler {
            var number: UInt8 = 0
            while read(output, &number, 1) == 1 { continuation.yield(Int32(number)) }
        }
        source.resume()
        for number in lasting {
            signal(number) { number in
                var byte = UInt8(truncatingIfNeeded: number)
                _ = write(handlersOutput, &byte, 1)
            }
        }
        for number in [SIGINT, SIGTERM, SIGHUP] where !lasting.contains(number) {
            // Handled from here on: a dispatch source for signals loses those that come before it is under way.
            signal(number) { number in
                var byte = UInt8(truncatingIfNeeded: number)
                _ = write(handlersOutput, &byte, 1)
                // Whatever the process is doing, the next signal ends it at once.
                signal(number, SIG_DFL)
            }
        }
    }

    deinit { source.cancel() }

    /// One for the process: what nobody has read yet waits for the next to listen.
    private static let pipe: (output: Int32, input: Int32) = {
        var ends: [Int32] = [-1, -1]
        _ = Glibc.pipe(&ends)
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        return (ends[0], ends[1])
    }()
}

/// What the handlers write to. Safe: it is set to the one value it ever has before a handler is there.
nonisolated(unsafe) private var handlersOutput: Int32 = -1
