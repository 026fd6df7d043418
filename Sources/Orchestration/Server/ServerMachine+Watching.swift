import DataStudio

/// Watching jobs, and asking what scripts want to know.
extension ServerMachine {
    mutating func perform(_ actions: [JobWatch.Action]) {
        for action in actions {
            do throws(StudioFault) {
                switch action {
                case .tick(let number, let delay): act(.setTimer(.tick(number), after: delay))
                case .list(let createdAfter, let cursor, let pageSize):
                    let since = createdAfter.map { min($0, suspectedSince ?? $0) }
                    let request = try api.jobListRequest(createdAfter: since, at: cursor, pageSize: pageSize)
                    send(request, for: .list(cursor, pageSize: pageSize))
                case .ask(let job): send(try api.jobRequest(job), for: .job(job))
                }
            } catch {
                failWatching(Array(watch.steps), StepFailure(error).message)
            }
        }
    }

    mutating func take(_ news: JobWatch.News) {
        for (step, job) in news.seen { act(.deliver(.jobSeen(step, job))) }
        for step in news.lost {
            leaveSlot(step)
            act(.deliver(.jobLost(step, reason: "the server does not know its job any more")))
        }
        perform(news.actions)
    }

    /// The jobs of these steps go on, and nothing can be known of them.
    mutating func failWatching(_ steps: [NodeID], _ reason: String) {
        for step in steps.sorted() {
            watch.unwatch(step)
            leaveSlot(step)
            act(.deliver(.watchFailed(step, StepFailure(kind: .protocol, message: reason))))
        }
    }

    // MARK: Questions

    mutating func ask(_ id: QueryID, _ query: Query) {
        let inquiry = Inquiry(query, wallClock: wallClock)
        do throws(StudioFault) {
            let request = try inquiry.first(api)
            queries[id] = inquiry
            send(request, for: .query(id))
        } catch {
            act(.deliver(.answered(id, inquiry.failed(error))))
        }
    }

    mutating func go(on id: QueryID, _ next: Inquiry.Next) {
        switch next {
        case .answer(let answer):
            queries[id] = nil
            act(.deliver(.answered(id, answer)))
        case .request(let request): send(request, for: .query(id))
        case .later(let delay): act(.setTimer(.ask(id), after: delay))
        }
    }

    mutating func askAgain(_ id: QueryID) {
        guard let inquiry = queries[id] else { return }
        do throws(StudioFault) {
            send(try inquiry.again(api), for: .query(id))
        } catch {
            queries[id] = nil
            act(.deliver(.answered(id, inquiry.failed(error))))
        }
    }
}
