/// Whether the job of a failed step may still be running on the server.
package enum MayBeRunning: Hashable, Sendable {
    case no, yes, unknown
}
