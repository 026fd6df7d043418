import DataStudio
import Orchestration
import Rehearsal
import SimulatedStudio

/// How requests travel to the server and answers back, and how the journal is set back to an earlier state.
extension World {
    func delay(_ most: Int64) -> Duration { .milliseconds(Int64.random(in: 0...most, using: &random)) }

    func chance(_ percent: Int) -> Bool { percent > 0 && Int.random(in: 0..<100, using: &random) < percent }

    func send(
        _ exchange: ExchangeID, _ request: StudioRequest, to server: String, _ id: Int, attempt: Truth.Attempt?
    ) {
        let slow = Int.random(in: 0..<10, using: &random) == 0
        let travel = slow ? delay(plan.slowest.milliseconds) : delay(5)
        let sent = Request(
            process: id, server: server, exchange: exchange, request: request, attempt: attempt,
            authorization: processes[id]?.authorization ?? "")
        guard attempt != nil, chance(plan.cuts) else { return queue.add(.arrival(sent), at: now + travel) }
        // The network is cut: the kernel sends what was not acknowledged again and again, for 5 s and as long as the
        // process lives; what is on its way then takes 3 s at most.
        seen.insert("late request")
        for again in [200, 600, 1400, 3000, 4900] { queue.add(.delivery(sent), at: now + .milliseconds(again)) }
        queue.add(.cut(sent), at: now + .milliseconds(5650))
        if !isCalm, chance(40) { queue.add(.death(id), at: now + delay(4000)) }
    }

    /// One of the kernel's tries to deliver a start over a network that was cut.
    func deliver(_ request: Request) {
        guard !request.isDelivered.value, died[request.process] == nil, chance(30) else { return }
        request.isDelivered.value = true
        queue.add(.arrival(request), at: now + delay(2900))
    }

    /// Also of a process that has died in the meantime.
    func arrive(_ request: Request) {
        let reply = studio.handle(
            SimulatedRequest(request.request, authorization: request.authorization), at: now)
        if request.request.operation == .executeWorkflow, let attempt = request.attempt,
            let id = studio.log.last?.job, reply.delivery != .refused,
            let job = studio.jobs(at: now).last(where: { $0.id == id })
        {
            note(
                "the server makes job \(job.id) of \(job.label ?? "") for \(attempt.run) \(attempt.key)~\(attempt.number)"
            )
            made(job, for: attempt)
        }
        if request.request.operation == .listJobs {
            note("list: \(reply.status) \(String(decoding: reply.body, as: UTF8.self))")
        }
        let outcome: ExchangeOutcome =
            switch reply.delivery {
            case .complete: .reply(reply.received(at: now + studio.scenario.clock))
            case .refused: request.attempt == nil ? .broken("refused") : .broken("the connection was lost")
            case .nothing, .head, .half, .trickle: .broken("the connection was closed")
            }
        if case .reply(let reply) = outcome, reply.status == 200,
            [.listJobs, .getJob].contains(request.request.operation)
        {
            processes[request.process]?.hasHeard = true
        }
        end(request, outcome)
    }

    func end(_ request: Request, _ outcome: ExchangeOutcome) {
        // What it tells is as old as its way back.
        let isSlow = request.request.operation == .listJobs && chance(plan.slowLists)
        if isSlow { seen.insert("slow list") }
        queue.add(
            .process(request.process, .server(request.server, .ended(request.exchange, outcome))),
            at: now + delay(isSlow ? 12_000 : 5))
    }

    // MARK: Backups

    /// The journal is set back to an earlier state while nobody runs.
    func restore() {
        guard let isSeen = plan.restores, !isCalm, processes.isEmpty, chance(60) else { return }
        // A disk takes longer to be set back than anything is on its way, or missing from a list.
        pass(isSeen ? delay(2000) : .seconds(20))
        guard (try? journal.restore(isSeen: isSeen)) == true else { return }
        seen.insert(isSeen ? "restored backup" : "disk set back")
        note("the journal is restored\(isSeen ? "" : ", and nobody sees it")")
    }
}
