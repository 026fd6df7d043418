/// How long one request may take. Whatever takes longer counts as unanswered.
package struct ClientTimeouts: Sendable {
    /// Until there is a connection.
    package var connect: Duration
    /// Between two pieces of an answer.
    package var silence: Duration
    /// From the beginning to the last byte, however steadily they come.
    package var whole: Duration

    /// Limits for one request.
    package init(connect: Duration, silence: Duration, whole: Duration) {
        self.connect = connect
        self.silence = silence
        self.whole = whole
    }

    /// For what begins something: a server may take its time.
    package static let start = ClientTimeouts(connect: .seconds(10), silence: .seconds(60), whole: .seconds(120))

    /// For everything else: no longer than the patience, but at least a second.
    package static func read(patience: Duration) -> ClientTimeouts {
        let silence = min(max(patience, .seconds(1)), .seconds(30))
        return ClientTimeouts(connect: min(silence, .seconds(10)), silence: silence, whole: silence * 2)
    }
}
