/// A call that cannot be what was meant: says which argument, what it got and what it takes.
struct ArgumentError: Error {
    let message: String

    init(_ message: String) {
        self.message = message
    }
}
