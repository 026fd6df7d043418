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

    /// A page of the list of watched jobs.
    mutating func take(_ page: Page<Job>, at cursor: ListCursor) {
        remember(page)
        // Of other lists it is not known where their newest end is.
        let isNewestEnd = profile.order == .newestFirst ? cursor == .first : page.next == nil
        if isNewestEnd, known.readAt != nil { known.isRead(at: watch.listAskedAt) }
        let api = api
        take(watch.listed(page, user: { api.echo(of: $0).user }, at: now))
    }

    mutating func take(_ news: JobWatch.News) {
        for (step, job) in news.first { sighted(step, job) }
        for lag in news.lags { learn { $0.learn(lag: lag) } }
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

    /// The earliest stamp that a job of ours may have which is not known yet.
    var earliestStamp: Timestamp {
        let ahead = profile.clock.offset.map { min(.zero, $0.lowerBound) } ?? .zero
        return wallClock + ahead + JobWatch.clockMargin
    }

    /// What the server is known to tell as it was sent is what a job is recognised by.
    func recognisable(_ job: WatchedJob) -> WatchedJob {
        guard !profile.showsLabels, job.isFromReply || job.identity.created != nil else { return job }
        var job = job
        job.identity.label = nil
        return job
    }

    /// A job is seen for the first time: it shows how this server shows jobs.
    private mutating func sighted(_ step: NodeID, _ job: Job) {
        let identity = api.identity(of: job)
        act(.sighted(step, identity))
        guard let fresh = fresh.removeValue(forKey: step) else {
            // A step may have joined it: then it is the job of another one, which may not know that yet.
            known.take([identity])
            return
        }
        known.take(owned: identity)
        let echo = api.echo(of: job)
        let parameters = fresh.start.parameters
        let isExact = parameters.allSatisfy { sent in
            !Mask.isIn(sent.value)
                && echo.parameters?.contains { $0.name == sent.name && $0.value == sent.value } == true
        }
        let newest = known.newest?.anchor
        learn { profile in
            if job.label == fresh.start.label { profile.showsLabels = true }
            if let user = echo.user, let key = fresh.key { profile.learn(user: user, of: key) }
            if isExact { profile.learnEcho(of: fresh.start) }
            if let created = identity.created, let sent = fresh.sent, let answered = fresh.answered {
                profile.clock.learn(created, sent: sent, answered: answered)
            }
            profile.newest = newest ?? profile.newest
        }
    }

    // MARK: Questions

    mutating func ask(_ id: QueryID, _ query: Query) {
        let inquiry = Inquiry(query, wallClock: wallClock)
        do throws(StudioFault) {
            let request = try inquiry.first(api)
            queries[id] = inquiry
            let pause = pause(before: query)
            if pause > .zero { act(.setTimer(.ask(id), after: pause)) } else { send(request, for: .query(id)) }
        } catch {
            act(.deliver(.answered(id, inquiry.failed(error))))
        }
    }

    /// How often the state of one job, or of one workflow, is asked for at most: a script that asks in a loop must not keep
    /// the server busy.
    private static let stateInterval = Duration.seconds(1)

    private mutating func pause(before query: Query) -> Duration {
        switch query {
        case .job, .latestJob: break
        default: return .zero
        }
        if stateAsked.count > 1000 { stateAsked = stateAsked.filter { now - $0.value < Self.stateInterval } }
        let next = stateAsked[query].map { max(now, $0 + Self.stateInterval) } ?? now
        stateAsked[query] = next
        return next - now
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
