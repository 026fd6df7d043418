import NIOCore

extension EventLoop {
    /// Sleeps, or throws when the task is cancelled. Unlike a `Task.sleep` that is cancelled, nothing of it is kept until it
    /// would have been over: of a thousand requests a second, each of which may take a minute, that is much.
    func sleep(for time: Duration) async throws {
        let alarm = scheduleTask(in: TimeAmount(time)) {}
        try await withTaskCancellationHandler {
            try await alarm.futureResult.get()
        } onCancel: {
            alarm.cancel()
        }
    }
}
