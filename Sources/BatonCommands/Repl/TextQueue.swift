import Synchronization

/// Texts that are handed out one after the other.
final class TextQueue: Sendable {
    private let texts: Mutex<ArraySlice<String>>

    init(_ texts: [String]) {
        self.texts = Mutex(texts[...])
    }

    func next() -> String? { texts.withLock { $0.popFirst() } }
}
