import DataStudio
import Orchestration

/// A client with the error policy: tries again where that is safe, for as long as the patience lasts.
struct RetryingClient: Sendable {
    let client: StudioClient
    let patience: Duration
    /// Told once for each row of failures.
    let trouble: @Sendable (String) -> Void

    /// Starts a workflow: sent once unless it certainly was not executed.
    ///
    /// - Parameter isWanted: asked before each try; once it is false nothing is sent any more.
    func start(_ start: WorkflowStart, isWanted: @Sendable () -> Bool) async -> StartOutcome {
        let request: StudioRequest
        do throws(StudioFault) { request = try client.api.startRequest(start) } catch { return .failed(failure(error)) }
        var attempts = Attempts(patience)
        while isWanted() {
            var trouble = "the server is busy (429)"
            var retryAfter: Duration?
            do throws(TransportError) {
                let reply = try await client.send(request)
                retryAfter = reply.retryAfter
                switch StartOutcome(reply, client.api) {
                case .failed(let failure) where failure.kind == .auth: return .failed(named(failure))
                case .some(let outcome): return outcome
                case nil: break
                }
            } catch {
                guard error.isCertainlyUnsent else { return .doubtful("the start was sent, and \(error.reason)") }
                trouble = error.reason
            }
            guard await wait(&attempts, trouble, retryAfter, isWanted) else { return .failed(unreachable(trouble)) }
        }
        return .withdrawn
    }

    /// Reads something: may be sent as often as needed.
    ///
    /// - Parameter retriesNonsense: an answer that cannot be understood is tried again as well, for a poll that a proxy's
    ///   page must not end.
    func read<Value: Sendable>(
        _ request: @autoclosure () throws(StudioFault) -> StudioRequest,
        retriesNonsense: Bool = false,
        _ parse: (StudioReply) throws(StudioFault) -> Value
    ) async throws(StudioFailure) -> Value {
        var attempts = Attempts(patience)
        while true {
            let trouble: String
            var retryAfter: Duration?
            switch await attempt(request, parse) {
            case .success(let value): return value
            case .failure(.sent(.busy(let after))): (trouble, retryAfter) = ("the server is busy (429)", after)
            case .failure(.sent(.failed(let status, let message))):
                trouble = "the server answered \(status): \(message)"
            case .failure(.sent(.rejected(let status, let message))):
                throw .rejected(status: status, message: message)
            case .failure(.sent(.protocolViolation(let text))) where retriesNonsense:
                trouble = "an answer that cannot be understood: \(text)"
            case .failure(.sent(let fault)): throw .failed(failure(fault))
            case .failure(.transport(let error)): trouble = error.reason
            }
            guard await wait(&attempts, trouble, retryAfter) else { throw .failed(unreachable(trouble)) }
        }
    }

    private enum ReadError: Error {
        case sent(StudioFault)
        case transport(TransportError)
    }

    private func attempt<Value: Sendable>(
        _ request: () throws(StudioFault) -> StudioRequest, _ parse: (StudioReply) throws(StudioFault) -> Value
    ) async -> Result<Value, ReadError> {
        let message: StudioRequest
        do throws(StudioFault) { message = try request() } catch { return .failure(.sent(error)) }
        let reply: StudioReply
        do throws(TransportError) { reply = try await client.send(message) } catch {
            return .failure(.transport(error))
        }
        do throws(StudioFault) { return .success(try parse(reply)) } catch { return .failure(.sent(error)) }
    }

    /// Waits before the next try; false when the patience is used up or the run is over.
    ///
    /// - Parameter isWanted: looked at every quarter of a second, so that a long wait for nothing ends early.
    private func wait(
        _ attempts: inout Attempts, _ reason: String, _ retryAfter: Duration? = nil,
        _ isWanted: @Sendable () -> Bool = { true }
    ) async -> Bool {
        guard !Task.isCancelled, let delay = attempts.delay(atLeast: retryAfter ?? .zero) else { return false }
        if attempts.isFirst {
            trouble("\(client.configuration.url): \(reason); trying again for up to \(patience.short)")
        }
        let clock = ContinuousClock()
        let end = clock.now + delay
        while clock.now < end, isWanted() {
            do {
                try await Task.sleep(for: min(end - clock.now, .milliseconds(250)))
            } catch {
                return false
            }
        }
        return true
    }

    private func unreachable(_ reason: String) -> StepFailure {
        StepFailure(
            kind: .unreachable,
            message: "\(client.configuration.url) could not be reached for \(patience.short): \(reason)")
    }

    /// What a fault that no other try can mend means.
    func failure(_ fault: StudioFault) -> StepFailure {
        let failure = StepFailure(fault)
        return failure.kind == .auth ? named(failure) : failure
    }

    /// Says which server, environment and key it is about.
    private func named(_ failure: StepFailure) -> StepFailure {
        let server = client.configuration
        return StepFailure(
            kind: failure.kind,
            message: "\(server.url), environment \"\(server.environment)\", key \(client.keyDescription): "
                + failure.message)
    }
}
