import DataStudio

/// Starts: sent once, on slots, and told apart from what may have happened.
extension ServerMachine {
    mutating func send(_ step: NodeID, _ start: WorkflowStart) {
        queued.remove(step)
        do throws(StudioFault) {
            startsInFlight[step] = send(try api.startRequest(start), for: .start(step))
        } catch {
            act(.deliver(.startEnded(step, .failed(StepFailure(error)))))
        }
    }

    /// A start that waits is dropped; of one under way there is no other try.
    mutating func withdraw(_ step: NodeID) {
        if let index = waitingStarts.firstIndex(where: { $0.step == step }) {
            waitingStarts.remove(at: index)
            queued.remove(step)
            act(.deliver(.startEnded(step, .withdrawn)))
        } else if let id = startsInFlight[step] {
            exchanges[id]?.isWithdrawn = true
            if exchanges[id]?.isWaiting == true {
                end(id)
                act(.deliver(.startEnded(step, .withdrawn)))
            }
        }
    }

    // MARK: How requests end

    /// Reads an answer whose status means success.
    ///
    /// - Throws: when it cannot be understood; the request is not over then.
    mutating func read(_ reply: StudioReply, _ id: ExchangeID, _ exchange: Exchange) throws(StudioFault) {
        switch exchange.use {
        case .start(let step):
            let job = try api.readStart(reply)
            end(id)
            act(.deliver(.startEnded(step, .accepted(job))))
        case .list(let cursor, let pageSize):
            let page = try api.readJobs(reply, at: cursor, pageSize: pageSize)
            end(id)
            take(watch.listed(page, at: now))
        case .job(let job):
            let seen = try api.readJob(reply)
            end(id)
            take(watch.answered(job, seen, at: now))
        case .query(let query):
            guard let next = try queries[query]?.take(reply, api) else { return end(id) }
            end(id)
            go(on: query, next)
        }
    }

    /// The server refused the request.
    mutating func refused(_ id: ExchangeID, _ use: Exchange.Use, _ status: Int, _ message: String) {
        end(id)
        switch use {
        case .start(let step):
            let fault = StudioFault.rejected(status: status, message: message)
            act(.deliver(.startEnded(step, .failed(StepFailure(fault)))))
        case .list:
            act(.tell("\(identity.url): jobs cannot be listed (\(status): \(message)); each is asked for by itself"))
            if let actions = watch.listRefused() {
                perform(actions)
            } else {
                failWatching(Array(watch.steps), "jobs cannot be listed (\(status)): \(message)")
            }
        case .job(let job) where status == 404 || status == 410:
            take(watch.answered(job, nil, at: now))
        case .job(let job):
            let steps = watch.steps(of: job)
            failWatching(steps, "the server refused to tell of job \(job) (\(status)): \(message)")
            take(watch.answered(job, nil, at: now))
        case .query(let query):
            if let answer = queries.removeValue(forKey: query)?.refused(status, message) {
                act(.deliver(.answered(query, answer)))
            }
        }
    }

    /// Nobody knows whether it was executed.
    mutating func doubtful(_ id: ExchangeID, _ use: Exchange.Use, _ reason: String) {
        end(id)
        switch use {
        case .start(let step): act(.deliver(.startEnded(step, .doubtful(reason))))
        case .query(let query):
            queries[query] = nil
            act(.deliver(.answered(query, .doubtful(reason))))
        case .list, .job: break
        }
    }

    /// No other try.
    ///
    /// - Parameter failure: `nil` for what nobody wants any more.
    mutating func gaveUp(_ use: Exchange.Use, _ failure: StepFailure?) {
        switch use {
        case .start(let step):
            act(.deliver(.startEnded(step, failure.map { .failed($0) } ?? .withdrawn)))
        case .query(let query):
            queries[query] = nil
            if let failure { act(.deliver(.answered(query, .failed(failure)))) }
        case .list, .job:
            if let failure { act(.deliver(.serverFailed(failure))) }
        }
    }
}
