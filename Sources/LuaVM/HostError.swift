/// An error of Swift on its way through Lua.
final class HostError: Sendable {
    let error: any Error

    init(_ error: any Error) { self.error = error }
}
