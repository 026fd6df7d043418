# The mutants of the crash driver: each is one rule broken, in one place. Read by scripts/prove, which calls `mutant` in a
# copy of the sources; every mutant is compiled in at once, and `Mutant.current` says which one is alive.
#
# mutant NAME FILE 'old text' 'new text'     the old text has to be there exactly once

mutant 'intent after send' Sources/Orchestration/Conductor/Conductor.swift \
  'case .proceed: leave(.server(name, action))' \
  'case .proceed: if Mutant.is("intent after send") { actions.append(.server(name, action)) } else { leave(.server(name, action)) }'

mutant 'failed list as empty' Sources/Orchestration/Server/ServerMachine+Starts.swift \
  'if failure.kind == .protocol { return cannotList(step, failure.message) }' \
  'if Mutant.is("failed list as empty") { return found(step, Page(items: [], next: nil, unreadable: 0)) }
            if failure.kind == .protocol { return cannotList(step, failure.message) }'

mutant 'resend after time-out' Sources/Orchestration/Server/ErrorPolicy.swift \
  'return purpose == .start ? .doubtful("the start was sent, and \(reason)") : .again(reason, retryAfter: nil)' \
  'return purpose == .start && !Mutant.is("resend after time-out") ? .doubtful("the start was sent, and \(reason)") : .again(reason, retryAfter: nil)'

mutant 'label in the key' Sources/Orchestration/Machine/RunMachine+Steps.swift \
  '        let id = NodeID(number: number())
        add(' \
  '        let id = NodeID(number: number())
        let key = Mutant.is("label in the key") ? key + ":" + label : key
        add('

mutant 'commit per task' Sources/Orchestration/Conductor/Conductor.swift \
  '            let commit = Commit(records: pending)
            committing = commit.last
            pending = []' \
  '            let own = Mutant.is("commit per task") ? pending.filter { $0.key == pending.last?.key } : pending
            let commit = Commit(records: own)
            committing = commit.last
            pending.removeAll { record in own.contains { $0.sequence == record.sequence } }'

mutant 'batch delivery' Sources/Orchestration/Machine/RunMachine.swift \
  '    func runTurn() {
' \
  '    func runTurn() {
        if isBatching { return }
'
mutant 'batch delivery' Sources/Orchestration/Machine/RunMachine.swift \
  '    var isReplaying = false
' \
  '    var isReplaying = false
    package var isBatching = false
'
mutant 'batch delivery' Sources/Orchestration/Conductor/Conductor.swift \
  '                case .event(let event): perform(machine.handle(event, at: now.wallClock))' \
  '                case .event(let event):
                    if case .event? = deliveries.first { machine.isBatching = Mutant.is("batch delivery") } else { machine.isBatching = false }
                    perform(machine.handle(event, at: now.wallClock))'

mutant 'effect before commit' Sources/Orchestration/Conductor/Conductor.swift \
  'case .print, .ended: leave(.report(event))' \
  'case .print where Mutant.is("effect before commit"): actions.append(.report(event))
        case .print, .ended: leave(.report(event))'

mutant 'recovery of abandoned intents' Sources/Orchestration/Journal/GateState+Rows.swift \
  'case .open where isOther && sharesGate:' \
  'case .open where isOther && sharesGate && !(Mutant.is("recovery of abandoned intents") && fate(row.run) == .abandoned):'

mutant 'attempts sharing a key' Sources/Orchestration/Machine/Step.swift \
  '            number += 1
' \
  '            if !Mutant.is("attempts sharing a key") { number += 1 }
'

mutant 'page cap as 0' Sources/Orchestration/Server/Doubt/DoubtInquiry.swift \
  '        guard next.page < rules.mostPages else {' \
  '        if Mutant.is("page cap as 0"), next.page >= rules.mostPages { return verdict() }
        guard next.page < rules.mostPages else {'

mutant 'queued jobs unseen' Sources/Orchestration/Server/Doubt/DoubtInquiry.swift \
  '        guard includesQueued else {' \
  '        guard includesQueued || Mutant.is("queued jobs unseen") else {'

mutant 'unbounded adoption window' Sources/Orchestration/Server/Doubt/DoubtInquiry.swift \
  '        if let created = job.created, created < window.lowerBound { return }' \
  '        if Mutant.is("unbounded adoption window") { matches.append(job); evidence = evidence + "x"; return }
        if let created = job.created, created < window.lowerBound { return }'

mutant 'id reuse' Sources/Orchestration/Server/Doubt/DoubtInquiry.swift \
  '            guard let created = job.created, let from = owned.from, let to = owned.to else {' \
  '            if Mutant.is("id reuse") { return .somebodys }
            guard let created = job.created, let from = owned.from, let to = owned.to else {'

mutant 'timer before poll' Sources/Orchestration/Machine/RunMachine+Replay.swift \
  '        unseen = session == nil ? watched : []' \
  '        unseen = Mutant.is("timer before poll") ? [] : watched'

mutant 'stopped raised on detach' Sources/Orchestration/Machine/RunMachine.swift \
  '        if leaving == nil { leave(.detachment(signal: signal)) } else' \
  '        if Mutant.is("stopped raised on detach"), leaving == nil { return handle(.cancelRun(by: "a signal"), at: now) }
        if leaving == nil { leave(.detachment(signal: signal)) } else'

mutant 'void attempts counted again' Sources/Orchestration/Machine/RunMachine+Replay.swift \
  '        step.attempt.number = max(step.attempt.number, used + 1)' \
  '        if !Mutant.is("void attempts counted again") { step.attempt.number = max(step.attempt.number, used + 1) }'

mutant 'open start dropped' Sources/Orchestration/Machine/RunMachine+Revision.swift \
  '                && kept?.attempt.isOpen == step.attempt.isOpen && kept?.isInDoubt == step.isInDoubt' \
  '                && (kept?.attempt.isOpen == step.attempt.isOpen || Mutant.is("open start dropped")) && kept?.isInDoubt == step.isInDoubt'

mutant 'left job not waited for' Sources/Orchestration/Journal/GateState+Rows.swift \
  '        if let job = row.job { return' \
  '        if Mutant.is("left job not waited for"), row.state == .left { return [] }
        if let job = row.job { return'

mutant 'candidate not waited for' Sources/Orchestration/Journal/GateState+Rows.swift \
  '        return row.candidates.filter' \
  '        if Mutant.is("candidate not waited for") { return [] }
        return row.candidates.filter'

mutant 'retry keeps its attempt' Sources/Orchestration/Machine/RunMachine+Again.swift \
  '        step.closeAttempt()' \
  '        if !Mutant.is("retry keeps its attempt") { step.closeAttempt() }'

mutant 'expired run forgets starts' Sources/Orchestration/Machine/RunMachine+Retry.swift \
  '            var counts = !ends.contains(record.sequence)' \
  '            if Mutant.is("expired run forgets starts"), record.body.kind == "accepted", log.contains(where: { $0.body.kind == "expired" && $0.sequence < record.sequence }) { void.append(record.sequence); machine.pass(record); continue }
            var counts = !ends.contains(record.sequence)'
