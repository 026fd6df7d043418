import Foundation

/// Who sends messages: people read them elsewhere.
struct Sender: Sendable {
    let host: String
    let user: String

    /// This process.
    static var current: Sender { Sender(host: ProcessInfo.processInfo.hostName, user: NSUserName()) }
}
