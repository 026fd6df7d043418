package import Journal
package import Logging

/// Looks for requests of other processes to a live run, and passes each of them on once.
package struct RequestWatch {
    private let interval: Duration
    private let logger: Logger
    /// Those that are still there. Not the last id: SQLite gives the id of a request that was deleted to another one.
    private var passed: Set<RunRequest> = []
    /// The last look failed, and that has been told.
    private var hasFailed = false

    /// - Parameters:
    ///   - interval: how long it waits between two looks.
    ///   - passed: those that have been passed on already.
    package init(every interval: Duration, passed: [RunRequest] = [], _ logger: Logger) {
        self.interval = interval
        self.passed = Set(passed)
        self.logger = logger
    }

    /// Looks until the task is cancelled. A look that fails, as while the database is busy, is followed by another.
    ///
    /// - Parameters:
    ///   - read: the requests that are there, oldest first.
    ///   - pass: told of each that was not there before.
    package func run(
        reading read: () async throws -> [RunRequest], pass: (RunRequest) -> Void
    ) async throws {
        var watch = self
        while true {
            try await Task.sleep(for: watch.interval)
            do {
                for request in watch.news(of: try await read()) { pass(request) }
                watch.hasFailed = false
            } catch {
                if !watch.hasFailed {
                    watch.logger.warning("requests to the run cannot be read, which is tried again: \(error)")
                }
                watch.hasFailed = true
            }
        }
    }

    private mutating func news(of requests: [RunRequest]) -> [RunRequest] {
        defer { passed = Set(requests) }
        return requests.filter { !passed.contains($0) }
    }
}
