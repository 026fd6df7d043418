/// What a server that is no Data Studio answers in a scenario.
package struct SimulatedReplyText: Hashable, Sendable {
    /// Of three digits.
    package var status = 200
    /// By name in lower case.
    package var headers: [String: String] = [:]
    /// As text.
    package var body = ""
}
