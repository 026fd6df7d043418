/// Keeps a table, a function or a coroutine of a VM alive.
///
/// It may be dropped anywhere: dropping it only queues its number, and the VM lets go of the value before its next
/// turn.
public final class LuaReference: Sendable {
    /// The kinds of values that are kept by reference.
    public enum Kind: String, Sendable {
        case table, function, thread, other
    }

    /// What is referenced.
    public let kind: Kind
    let number: Int32
    let releases: ReleaseQueue

    init(number: Int32, kind: Kind, releases: ReleaseQueue) {
        self.number = number
        self.kind = kind
        self.releases = releases
    }

    deinit { releases.append(number) }
}
