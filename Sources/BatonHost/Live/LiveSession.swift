package import Orchestration

/// A session that is live, for whoever sits at its prompt. From any thread.
package struct LiveSession: Sendable {
    private let inbox: LiveInbox
    private let interrupter: @Sendable () -> Void

    init(_ inbox: LiveInbox, interrupter: @escaping @Sendable () -> Void) {
        self.inbox = inbox
        self.interrupter = interrupter
    }

    /// Runs a text; its end is reported as ``RunEvent/lineEnded(_:)``.
    package func enter(_ text: String) { send(.enter(text)) }

    /// Ends the line, whether it waits or computes. Its jobs go on.
    package func interrupt() {
        send(.interruptLine)
        interrupter()
    }

    /// Nothing more is entered: the session is over when all that it began is.
    ///
    /// - Parameter raises: whether failures that nobody took are its own.
    package func close(raises: Bool) { send(.closeSession(raises: raises)) }

    /// What is begun from here on, and asked, goes to the server of that name.
    package func use(server: String) { send(.useServer(server)) }

    /// Leaves the session where it is: jobs go on, and the next session takes them up.
    package func leave() { inbox.yield(.conductor(.detach(signal: nil))) }

    /// Looks at the session between two events.
    ///
    /// - Returns: `nil` if it is over.
    package func look<Value: Sendable>(_ body: @escaping @Sendable (RunMachine) -> Value) async -> Value? {
        await withCheckedContinuation { continuation in
            inbox.yield(.look { continuation.resume(returning: $0.map(body)) })
        }
    }

    private func send(_ event: MachineEvent) { inbox.yield(.conductor(.machine(event))) }
}
