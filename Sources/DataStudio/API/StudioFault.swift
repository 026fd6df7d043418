/// Why a request did not give what was asked for, in the terms the error policy decides on.
package enum StudioFault: Error, Hashable, Sendable {
    /// The API description has no such operation.
    case unsupported(Operation)
    /// Certainly not executed: the server refused what was asked, in its own words.
    case rejected(status: Int, message: String)
    /// The key was refused.
    case unauthorised(status: Int, message: String)
    /// 429: not executed; send again after the time.
    case busy(retryAfter: Duration?)
    /// The server or something in between failed; whether the request was executed is unknown.
    case failed(status: Int, message: String)
    /// An answer that cannot be understood. The text is shortened.
    case protocolViolation(String)
}
