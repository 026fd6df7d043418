package import DataStudio

/// What a ``ServerMachine`` wants done outside, in this order.
package enum ServerAction: Sendable {
    /// Send the request once, and report how that ended.
    case send(ExchangeID, StudioRequest)
    /// Report the timer after the time; it may have lost its meaning then.
    case setTimer(ServerTimer, after: Duration)
    /// Read the key anew, and report whether it is another one.
    case readKey(ExchangeID)
    /// Hand it to the run.
    case deliver(MachineEvent)
    /// Tell people of trouble that lasts; once for each row of failures.
    case tell(String)
    /// For the log: what happens and is nobody's trouble.
    case note(String)
}
