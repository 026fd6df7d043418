/// The kinds of errors a script can tell apart. The raw value is the field `kind`.
package enum ErrorKind: String, CaseIterable, Hashable, Sendable {
    case failed, cancelled, check, timeout, rejected, unsupported, `protocol`, auth, unreachable, limit, script

    /// How grave it is when several happen at once: the lowest number is the gravest.
    package var gravity: Int {
        switch self {
        case .auth: 0
        case .unreachable: 1
        case .timeout: 2
        case .failed: 3
        case .cancelled: 4
        case .rejected: 5
        case .unsupported: 6
        case .protocol: 7
        case .limit: 8
        case .script: 9
        case .check: 10
        }
    }
}

extension ErrorKind {
    /// True if the run is interrupted unless the script asked to be told.
    var interrupts: Bool { self == .auth || self == .unreachable }
}
