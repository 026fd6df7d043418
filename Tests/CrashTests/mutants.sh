# The mutants of the crash driver: each is one rule broken, in one place. Read by scripts/prove, which calls `mutant` in a
# copy of the sources; every mutant is compiled in at once, and `Mutant.current` says which one is alive.
#
# mutant NAME FILE 'old text' 'new text'     the old text has to be there exactly once

mutant 'intent after send' Sources/Orchestration/Conductor/Conductor.swift \
  'case .proceed: leave(.server(name, action))' \
  'case .proceed: if Mutant.is("intent after send") { actions.append(.server(name, action)) } else { leave(.server(name, action)) }'

mutant 'failed list as empty' Sources/Orchestration/Server/ServerMachine+Starts.swift \
  'if failure.kind == .protocol { return cannotList(step, failure.message) }' \
  'if Mutant.is("failed list as empty") {
                starts[step]?.inquiry = nil
                starts[step]?.open = nil
                starts[step]?.leftAt = nil
                act(.deliver(.startVoid(step, reason: "the list failed")))
                return goOn(step)
            }
            if failure.kind == .protocol { return cannotList(step, failure.message) }'

mutant 'resend after time-out' Sources/Orchestration/Server/ErrorPolicy.swift \
  'return purpose == .start ? .doubtful("the start was sent, and \(reason)") : .again(reason, retryAfter: nil)' \
  'return purpose == .start && !Mutant.is("resend after time-out") ? .doubtful("the start was sent, and \(reason)") : .again(reason, retryAfter: nil)'

mutant 'label in the key' Sources/Orchestration/Machine/RunMachine+Nodes.swift \
  '        let id = NodeID(number: number())
        add(' \
  '        let id = NodeID(number: number())
        let key = Mutant.is("label in the key") ? key + ":" + label : key
        add('

mutant 'commit per task' Sources/Orchestration/Conductor/Conductor.swift \
  '            actions.append(.commit(pending))
            pending = Commit()' \
  '            var own = pending
            if Mutant.is("commit per task") { own.records.removeAll { $0.key != pending.records.last?.key } }
            actions.append(.commit(own))
            pending.records.removeAll { record in own.records.contains { $0.sequence == record.sequence } }
            (pending.requests, pending.sightings, pending.profiles, pending.suspicions, pending.locks) = ([], [], [:], [], [])'

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
  '                case .event(let event): perform(machine.handle(event, at: clock.time))' \
  '                case .event(let event):
                    if case .event? = deliveries.first { machine.isBatching = Mutant.is("batch delivery") } else { machine.isBatching = false }
                    perform(machine.handle(event, at: clock.time))'

mutant 'effect before commit' Sources/Orchestration/Conductor/Conductor.swift \
  'case .print, .ended: leave(.report(event))' \
  'case .print where Mutant.is("effect before commit"): actions.append(.report(event))
        case .print, .ended: leave(.report(event))'

mutant 'recovery of abandoned intents' Sources/Orchestration/Journal/GateState+Rows.swift \
  'case .open where isOther && sharesGate:' \
  'case .open where isOther && sharesGate && !(Mutant.is("recovery of abandoned intents") && standing(row.run).fate == .abandoned):'

mutant 'attempts sharing a key' Sources/Orchestration/Machine/Step.swift \
  '            number += 1
' \
  '            if !Mutant.is("attempts sharing a key") { number += 1 }
'

mutant 'page cap as 0' Sources/Orchestration/Server/Doubt/JobListReading.swift \
  '        guard next.page < mostPages else { return .tooLong }' \
  '        guard next.page < mostPages else { return Mutant.is("page cap as 0") ? .done : .tooLong }'

mutant 'queued jobs unseen' Sources/Orchestration/Server/Doubt/DoubtInquiry.swift \
  '        guard includesQueued else {' \
  '        guard includesQueued || Mutant.is("queued jobs unseen") else {'

mutant 'known jobs as its own' Sources/Orchestration/Server/Doubt/DoubtInquiry.swift \
  '        let known = others.map { WatchedJob($0, newest: newest) }' \
  '        let known = Mutant.is("known jobs as its own") ? [] : others.map { WatchedJob($0, newest: newest) }'

mutant 'known jobs forgotten' Sources/Journal/Journal+Log.swift \
  '        let known = try Self.known(of: run, database)' \
  '        let known = Mutant.is("known jobs forgotten") ? [:] : try Self.known(of: run, database)'

mutant 'id alone' Sources/Orchestration/Server/Doubt/JobIdentity.swift \
  '        guard id == other.id else { return .different }' \
  '        guard id == other.id else { return .different }
        if Mutant.is("id alone") { return .same }'

mutant 'no flight' Sources/Orchestration/Server/ServerMachine+Doubt.swift \
  '(leftAt == nil ? restOfFlight(evidence) : .zero) + settle' \
  '(leftAt == nil && !Mutant.is("no flight") ? restOfFlight(evidence) : .zero) + settle'

mutant 'torn look' Sources/Orchestration/Server/Doubt/DoubtInquiry.swift \
  '        guard beganAt >= quietAt else { return again(at: now) }' \
  '        if Mutant.is("torn look") { beganAt = now }
        guard beganAt >= quietAt else { return again(at: now) }'

mutant 'lost jobs forgotten' Sources/Orchestration/Server/Doubt/DoubtInquiry.swift \
  '        anchor.map { !isListed($0) } ?? false' \
  '        Mutant.is("lost jobs forgotten") ? false : anchor.map { !isListed($0) } ?? false'

mutant 'an empty list is proof' Sources/Orchestration/Server/Doubt/DoubtInquiry.swift \
  '        guard showsLoss else {' \
  '        guard showsLoss || Mutant.is("an empty list is proof") else {'

mutant 'adoption of what was not looked for' Sources/Orchestration/Server/Doubt/DoubtInquiry.swift \
  '            self.evidence.isListed || expected != nil, isExpected(only.job), !mayBeOfDoubt' \
  '            self.evidence.isListed || expected != nil || Mutant.is("adoption of what was not looked for"), isExpected(only.job), !mayBeOfDoubt'

mutant 'a user never seen is another' Sources/Orchestration/Server/Doubt/JobOwnership.swift \
  '            } else if isUserProven {' \
  '            } else if isUserProven || Mutant.is("a user never seen is another") {'

mutant 'parameters written otherwise are another start' Sources/Orchestration/Server/Doubt/JobOwnership.swift \
  '            case .other where repeatsParameters: return .somebodyElses' \
  '            case .other where repeatsParameters || Mutant.is("parameters written otherwise are another start"): return .somebodyElses'

mutant 'newest first assumed' Sources/Orchestration/Server/Doubt/JobListReading.swift \
  '        if order == .newestFirst, let back,' \
  '        if order == .newestFirst || Mutant.is("newest first assumed"), let back,'

mutant 'first sight trusted' Sources/Orchestration/Server/JobWatch+Entry.swift \
  '        if isConfirmed { return .same }' \
  '        if isConfirmed || Mutant.is("first sight trusted") { return .same }'

mutant 'watched by id alone' Sources/Orchestration/Server/JobWatch+Entry.swift \
  '        let comparison = identity.compare(job)' \
  '        let comparison = Mutant.is("watched by id alone") ? .same : identity.compare(job)'

mutant 'beside an interrupted run' Sources/Orchestration/Journal/RunStanding.swift \
  'fate == .abandoned || (fate == .open && !isLive)' \
  'fate == .abandoned || (fate == .open && !isLive && !Mutant.is("beside an interrupted run"))'

mutant 'restored journal not looked at' Sources/Orchestration/Server/ServerMachine+Preparation.swift \
  '        let isRestored = restored.contains(pending.gate)
' \
  '        let isRestored = restored.contains(pending.gate)
        guard !(Mutant.is("restored journal not looked at") && isRestored) else { return false }
'

mutant 'one doubt explains all' Sources/Orchestration/Server/Doubt/GateState.swift \
  'Set(accounted.map(\.id)).count > doubts.count' \
  'Set(accounted.map(\.id)).count > doubts.count && !Mutant.is("one doubt explains all")'

mutant 'set back unseen' Sources/Orchestration/Server/ServerMachine.swift \
  '        isResumed = true' \
  '        isResumed = !Mutant.is("set back unseen")'

mutant 'a slot to settle' Sources/Orchestration/Server/ServerMachine+Starts.swift \
  'needsSlot: !pending.isSettling' \
  'needsSlot: !pending.isSettling || Mutant.is("a slot to settle")'

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
  '        if let job = row.identity { return' \
  '        if Mutant.is("left job not waited for"), row.state == .left { return [] }
        if let job = row.identity { return'

mutant 'candidate not waited for' Sources/Orchestration/Journal/GateState+Rows.swift \
  '        return row.candidates.filter' \
  '        if Mutant.is("candidate not waited for") { return [] }
        return row.candidates.filter'

mutant 'retry keeps its attempt' Sources/Orchestration/Machine/RunMachine+Again.swift \
  '        step.closeAttempt()' \
  '        if !Mutant.is("retry keeps its attempt") { step.closeAttempt() }'

mutant 'expired run forgets starts' Sources/Orchestration/Machine/RunMachine+TakingBack.swift \
  '            var counts =
                !ends.contains(record.sequence)' \
  '            if Mutant.is("expired run forgets starts"), record.body.kind == "accepted", log.contains(where: { $0.body.kind == "expired" && $0.sequence < record.sequence }) { void.append(record.sequence); machine.pass(record); continue }
            var counts =
                !ends.contains(record.sequence)'

mutant 'part without a key' Sources/Orchestration/Machine/RunMachine.swift \
  'content: .task(task), key: part.key, location: nil)' \
  'content: .task(task), key: Mutant.is("part without a key") ? "" : part.key, location: nil)'

mutant 'earlier parts replayed' Sources/Journal/Journal+Log.swift \
  'from: max(after + 1, try Self.beginningOfPart(of: run, database))' \
  'from: Mutant.is("earlier parts replayed") ? after + 1 : max(after + 1, try Self.beginningOfPart(of: run, database))'

mutant 'gate opened too early' Sources/Orchestration/Server/ServerMachine+Starts.swift \
  '        waitingStarts.close(open.start.label)' \
  '        if !Mutant.is("gate opened too early") { waitingStarts.close(open.start.label) }'

mutant 'restart with open work' Sources/Orchestration/Machine/RunMachine+Restart.swift \
  '        if let open = openWork {' \
  '        if !Mutant.is("restart with open work"), let open = openWork {'

mutant 'limit voids what followed' Sources/Orchestration/Machine/RunMachine+Groups.swift \
  '        for open in key.indices where key[open] == "[" {' \
  '        for open in key.indices where key[open] == "[" && !Mutant.is("limit voids what followed") {'

mutant 'limits of before a retry' Sources/Orchestration/Machine/RunMachine+Restarting.swift \
  'case .stepTimeout, .stepLate, .stepQueued, .group, .finally: timers[id]?.armed = context.now' \
  'case .stepTimeout, .stepLate, .stepQueued, .group, .finally: if !Mutant.is("limits of before a retry") { timers[id]?.armed = context.now }'

mutant 'void stop kept' Sources/Orchestration/Machine/RunMachine+TakingBack.swift \
  'if counts, record.isEndWithoutSuccess, former.isStopped(record.key)' \
  'if counts, !Mutant.is("void stop kept"), record.isEndWithoutSuccess, former.isStopped(record.key)'

mutant 'stopped step restarted' Sources/Orchestration/Machine/RunMachine+Steps.swift \
  '        guard nodes[id]?.stop == nil else { return endUnstarted(id) }' \
  '        guard nodes[id]?.stop == nil || Mutant.is("stopped step restarted") else { return endUnstarted(id) }'

mutant 'done start unanswered' Sources/Orchestration/Machine/RunMachine+Steps.swift \
  'if case .values = outcome { answerStart(of: id) }' \
  'if case .values = outcome, !Mutant.is("done start unanswered") { answerStart(of: id) }'

mutant 'continue stops' Sources/Orchestration/Machine/RunMachine+Groups.swift \
  '        } else if !group.onFailure.goesOn, !group.isFailing {' \
  '        } else if !group.onFailure.goesOn || Mutant.is("continue stops") && group.onFailure == .continue, !group.isFailing {'

mutant 'continue chain in order' Sources/Orchestration/Machine/Group.swift \
  'var beginsInAnyOrder: Bool { !isChain || onFailure == .continue }' \
  'var beginsInAnyOrder: Bool { !isChain || onFailure == .continue && !Mutant.is("continue chain in order") }'

mutant 'own job not waited for' Sources/Journal/Journal+Attempts.swift \
  'guard var row = try Self.lastAttempt(run, key, database), row.state == .accepted else { continue }' \
  'guard !Mutant.is("own job not waited for"), var row = try Self.lastAttempt(run, key, database), row.state == .accepted else { continue }'

mutant 'finally before children' Sources/Orchestration/Machine/RunMachine+Nodes.swift \
  'let conclusion = node.conclusion, node.openChildren.isEmpty
        else { return }' \
  'let conclusion = node.conclusion
        else { return }
        if Mutant.is("finally before children"), node.openChildren.allSatisfy({ nodes[$0]?.isFinally == false }), beginFinally(of: node) { return }
        guard node.openChildren.isEmpty else { return }'

mutant 'finally stopped from outside' Sources/Orchestration/Machine/RunMachine+Nodes.swift \
  'isForced || !node.isFinally else { return }' \
  'isForced || !node.isFinally || Mutant.is("finally stopped from outside") else { return }'

mutant 'finally of a stopped scope' Sources/Orchestration/Machine/RunMachine+Finally.swift \
  'guard var left = node.finallys, let next = left.popLast() else { return false }' \
  'guard var left = node.finallys, node.stop == nil || !Mutant.is("finally of a stopped scope"), let next = left.popLast() else { return false }'

mutant 'finally after no-finally' Sources/Orchestration/Machine/RunMachine+Finally.swift \
  'guard !isWithoutFinally else {' \
  'guard !isWithoutFinally || Mutant.is("finally after no-finally") else {'

mutant 'rejection passes' Sources/Orchestration/Machine/RunMachine+Approval.swift \
  'guard decision.isApproved else {' \
  'guard decision.isApproved || Mutant.is("rejection passes") else {'

mutant 'decision and time' Sources/Orchestration/Machine/RunMachine+Approval.swift \
  '        dropAwaited(id)
        guard let usual = approval.usual else {' \
  '        if Mutant.is("decision and time"), approval.usual != nil { return }
        dropAwaited(id)
        guard let usual = approval.usual else {'

mutant 'a lock dies with its process' Sources/Orchestration/Journal/LockTable.swift \
  'guard other.state == .waiting else { return true }' \
  'guard other.state == .waiting else { return isLive(other.run) || !Mutant.is("a lock dies with its process") }'

mutant 'a lock forgets left jobs' Sources/Journal/Journal+Locks.swift \
  'guard row.state != .waiting, try mayRun(in: row, database) else' \
  'guard row.state != .waiting, try mayRun(in: row, database), !Mutant.is("a lock forgets left jobs") else'

mutant 'a lock not taken again' Sources/Orchestration/Machine/RunMachine+Locks.swift \
  '            locks.blocks[task] = LockQueues.Block(request: request, isHeld: false)' \
  '            if Mutant.is("a lock not taken again") { continue }
            locks.blocks[task] = LockQueues.Block(request: request, isHeld: false)'

mutant 'each its own size' Sources/Orchestration/Journal/LockTable.swift \
  'let size = before.map(\.request.size).min().map { min($0, own.request.size) } ?? own.request.size' \
  'let size = Mutant.is("each its own size") ? own.request.size : before.map(\.request.size).min().map { min($0, own.request.size) } ?? own.request.size'

mutant 'circles unseen' Sources/Orchestration/Journal/LockTable.swift \
  '            if circle.last == own {' \
  '            if circle.last == own, !Mutant.is("circles unseen") {'

mutant 'circles within a run unseen' Sources/Orchestration/Machine/RunMachine+Ending.swift \
  '        } else if breakDeadlock() {' \
  '        } else if !Mutant.is("circles within a run unseen"), breakDeadlock() {'

mutant 'what a person ended is held on' Sources/Orchestration/Machine/RunMachine+Replay.swift \
  '        if locks.isUsed { act' \
  '        if locks.isUsed, !Mutant.is("what a person ended is held on") { act'

mutant 'a lock that is given up is kept' Sources/Orchestration/Machine/RunMachine+Locks.swift \
  '        act(.lock(.release(key: request.key)))
        sendLocks(request.name)' \
  '        if !Mutant.is("a lock that is given up is kept") { act(.lock(.release(key: request.key))) }
        sendLocks(request.name)'
