package import DataStudio

/// What a ``ServerMachine`` wants done outside, in this order.
package enum ServerAction: Sendable {
    /// Take the gate, waiting for it if need be, and report what the journal knows then. `needsSlot`: a slot for its job
    /// comes first; a start of an earlier life is settled without, as its job may have one. `since`: the last attempt that the
    /// journal had when the gate was taken before; `nil`: never in this process.
    indirect case takeGate(NodeID, Gate, needsSlot: Bool, since: Int64?)
    /// Leave the gate, once everything that has been delivered is kept.
    case leaveGate(NodeID)
    /// The job in flight needs a slot, which it has had before: take one if there is one.
    case takeSlot(NodeID)
    /// The step's job, if it has one, is not in flight any more.
    case leaveSlot(NodeID)
    /// Open a connection for the start, report when it is there, and keep it until told what to do with it.
    indirect case open(ExchangeID, StudioRequest)
    /// Send the request on its connection: once.
    case proceed(ExchangeID)
    /// Close the connection; nothing is sent.
    case drop(ExchangeID)
    /// Send the request once, and report how that ended.
    indirect case send(ExchangeID, StudioRequest)
    /// Report the timer after the time; it may have lost its meaning then.
    case setTimer(ServerTimer, after: Duration)
    /// Read the key anew, and report whether it is another one.
    case readKey(ExchangeID)
    /// Hand it to the run.
    indirect case deliver(MachineEvent)
    /// Write down what became of another run's start, and report what is known of the gate then.
    indirect case settled(NodeID, Gate, GateState.Doubt, DoubtVerdict, serverTime: Timestamp?)
    /// Note that the job is over: nobody has to wait for it again.
    indirect case predecessorOver(GateState.Predecessor)
    /// The job that a step waits for has been seen for the first time, and tells that much.
    indirect case sighted(NodeID, JobIdentity)
    /// A start that was taken for void may have happened: tell people, now and when the run ends.
    case suspect(String)
    /// Tell people of trouble that lasts; once for each row of failures.
    case tell(String)
    /// For the log: what happens and is nobody's trouble.
    case note(String)
}
