import DataStudio
import LuaVM

/// Jobs that a script has not started itself, or has given up: it can look at them, wait for them and cancel them, and they
/// belong to it no more than before.
extension RunMachine {
    /// `job(id [, { server = }])`
    func job(_ request: LuaRequest, _ caller: NodeID) throws(ArgumentError) {
        let id: String
        switch request.argument(0) {
        case .string(let text) where !text.isEmpty: id = text
        case .integer(let number): id = String(number)
        case let other: throw ArgumentError("a job's id was expected; got \(other.article)")
        }
        let options = try QueryOptions(
            request.argument(1), known: ["server"], usual: session?.server, vm, configuration)
        ask(
            .call(request.token, request.location, .job), key: nextKey("job", in: caller), server: options.server,
            .job(JobID(id)))
    }

    /// The job that a table stands for; `nil` if it is none of these tables.
    func jobReference(_ value: LuaValue) throws(ArgumentError) -> JobReference? {
        guard var reference = JobReference(value, vm) else { return nil }
        if let server = reference.server, configuration.beginning.spaces[server] == nil {
            throw .unknownServer(server, among: configuration.beginning.spaces.keys)
        }
        if reference.server == nil { reference.server = session?.server }
        return reference
    }

    /// The step of this run that has the job and is not over.
    func ownStep(of reference: JobReference) -> NodeID? {
        owners[JobKey(server: reference.server, job: reference.id)].flatMap { steps[$0]?.isOver == false ? $0 : nil }
    }

    /// Begins to wait for a job of somebody else.
    func beginWait(for job: JobReference, key: String, owner: NodeID, location: LuaLocation?) -> NodeID {
        var options = StepOptions()
        options.name = job.title
        let id = addStep(
            job.label ?? job.id.text, options, server: job.server, key: key, owner: owner, location: location)
        steps[id]?.stage = .looking(job)
        steps[id]?.isForeign = true
        steps[id]?.isOnlyFollowed = true
        report(id, .starting)
        ask(.otherJob(id), key: "\(key)/state#1", server: job.server, .job(job.id))
        return id
    }

    /// The server has told of the job, or that there is none.
    func otherJobAnswered(_ id: NodeID, _ answer: Answer) {
        guard let step = steps[id], case .looking(let wanted) = step.stage else { return }
        switch answer {
        case .job(.some(let job)):
            guard wanted.isMeant(job) else { return failForeign(id, .rejected, JobReference.otherJob) }
            follow(id, JobIdentity(job))
            if job.state.isFinal { settled(id, .finished(job)) }
        case .job(nil): failForeign(id, .rejected, "the server does not know it")
        // Whether it is there cannot be asked: it is looked for in the list.
        case .failed(let failure) where failure.kind == .unsupported:
            follow(id, JobIdentity(wanted.id, created: nil))
        case .failed(let failure): failForeign(id, failure.kind, failure.message)
        case .jobs, .workflows, .spaces, .dataset, .history, .cancelled, .http, .file, .files, .runs, .decision, .done,
            .doubtful:
            break
        }
    }

    private func follow(_ id: NodeID, _ job: JobIdentity) {
        accepted(id, WatchedJob(job, isTrusted: true), isJoined: true)
    }

    /// A job of somebody else is to be cancelled: first it is seen that it is the one that is meant.
    func askBeforeCancel(_ token: LuaToken, _ job: JobReference, key: String) {
        guard job.tellsItself else {
            return ask(.cancel(token, step: nil), key: key, server: job.server, .cancel(job.id))
        }
        ask(.beforeCancel(token, job, key: key), key: "\(key)/state#1", server: job.server, .job(job.id))
    }

    func cancelIfMeant(_ token: LuaToken, _ wanted: JobReference, _ key: String, _ answer: Answer) {
        switch answer {
        case .job(let job?) where !wanted.isMeant(job):
            vm.resume(token, returning: [false, .string(JobReference.otherJob)])
        case .job(nil): vm.resume(token, returning: [false, "the server does not know it"])
        default: ask(.cancel(token, step: nil), key: key, server: wanted.server, .cancel(wanted.id))
        }
    }

    /// The steps that were given up while their jobs went on, as far as is known.
    var stillRunning: [NodeID] { leftRunning.filter { !endedSinceLeft.contains($0) } }

    /// A job has ended, or is cancelled: the step that has left it running does not any more.
    func noteEnd(of job: JobID, on server: String?) {
        guard let left = owners[JobKey(server: server, job: job)], leftRunning.contains(left) else { return }
        endedSinceLeft.insert(left)
    }

    /// What an answer says of the end of a job.
    func noteEnd(in answer: Answer, to open: OpenQuery) {
        switch (open.query, answer) {
        case (.cancel(let job), .cancelled(true, _)): noteEnd(of: job, on: open.server)
        case (_, .job(let job?)) where job.state.isFinal: noteEnd(of: job.id, on: open.server)
        default: break
        }
    }

    private func failForeign(_ id: NodeID, _ kind: ErrorKind, _ message: String) {
        fail(id, kind, "\(steps[id]?.title ?? ""): \(message)")
    }

    /// Nobody waits for somebody else's job any more: it goes on as it would have.
    func leaveForeign(_ id: NodeID) {
        guard let step = steps[id], step.isForeign, !step.isOver else { return }
        report(id, .ended(.leftRunning))
        end(id, .stopped)
    }
}
