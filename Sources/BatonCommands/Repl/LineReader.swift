import Dispatch

/// The lines of standard input. Reading blocks: it does so on a queue of its own.
final class LineReader: Sendable {
    private let queue = DispatchQueue(label: "baton.input")

    /// The next line, without its end; `nil` at the end of the input.
    func next() async -> String? {
        await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: readLine(strippingNewline: true)) }
        }
    }
}
