import DataStudio
import Testing

@testable import Orchestration

/// When the server is asked, without a server and without a clock.
@Suite struct JobWatchTests {
    private let wall = Timestamp(milliseconds: 1_772_337_906_000)

    private func step(_ number: Int) -> NodeID { NodeID(number: number) }

    private func job(_ number: Int, _ state: JobState) -> Job {
        Job(id: JobID("\(number)"), state: state, created: wall)
    }

    /// The number and delay of the one tick that was planned.
    private func tick(_ actions: [JobWatch.Action]) throws -> (number: Int, after: Duration) {
        guard case .tick(let number, let delay)? = actions.first, actions.count == 1 else {
            throw TickExpected(actions: actions)
        }
        return (number, delay)
    }

    private struct TickExpected: Error {
        let actions: [JobWatch.Action]
    }

    @Test func `a new job is looked at after a few milliseconds`() throws {
        var watch = JobWatch(canList: true)
        let first = try tick(watch.watch(step(1), JobID("1"), at: .seconds(100), since: wall + .seconds(-300)))
        #expect(first.after <= .milliseconds(50))
    }

    @Test func `one list serves all jobs, however many`() throws {
        var watch = JobWatch(canList: true)
        var number = 0
        for index in 1...1000 {
            for case .tick(let tick, _) in watch.watch(
                step(index), JobID("\(index)"), at: .zero, since: wall + .seconds(-300))
            {
                number = tick
            }
        }
        let actions = watch.ticked(number, at: .milliseconds(5))
        guard case .list(_, at: .first, let size)? = actions.first, actions.count == 1 else {
            Issue.record("\(actions)")
            return
        }
        #expect(size >= 1000, "they fit into one page")
        let jobs = (1...1000).map { job($0, .running) }
        let news = watch.listed(Page(items: jobs), at: .milliseconds(20))
        #expect(news.seen.count == 1000)
        let tick = try tick(news.actions)
        #expect(tick.after >= .milliseconds(400), "long lists are asked for less often")
        #expect(tick.after <= .seconds(1))
    }

    @Test func `the number of lists does not depend on the number of jobs`() {
        func lists(for count: Int) -> Int {
            var watch = JobWatch(canList: true)
            var plan: [(at: Duration, number: Int)] = []
            var now = Duration.zero
            func note(_ actions: [JobWatch.Action]) {
                for case .tick(let number, let delay) in actions { plan.append((now + delay, number)) }
            }
            // They are accepted over half a second, and each takes two.
            for index in 1...count {
                now = .milliseconds(500) * index / count
                note(watch.watch(step(index), JobID("\(index)"), at: now, since: wall + .seconds(-300)))
            }
            var lists = 0
            while let next = plan.min(by: { $0.at < $1.at }) {
                plan.removeAll { $0.number == next.number }
                now = next.at
                guard case .list? = watch.ticked(next.number, at: now).first else { continue }
                lists += 1
                let state: JobState = now >= .milliseconds(2500) ? .completed : .running
                let news = watch.listed(Page(items: (1...count).map { job($0, state) }), at: now)
                for (step, job) in news.seen where job.state.isFinal { watch.unwatch(step) }
                note(news.actions)
            }
            return lists
        }
        #expect(lists(for: 1000) <= lists(for: 10))
        #expect(lists(for: 1000) <= 10)
    }

    @Test func `around its usual end a job is looked at more often`() throws {
        func end(expected: Duration?) throws -> (lists: Int, noticed: Duration) {
            var watch = JobWatch(canList: true)
            var next = try tick(watch.watch(step(1), JobID("1"), at: .zero, since: wall + .seconds(-300)))
            var now = Duration.zero, lists = 0
            if let expected {
                // It comes no sooner.
                #expect(watch.expect(step(1), at: expected, now: now).isEmpty)
            }
            while true {
                now += next.after
                _ = watch.ticked(next.number, at: now)
                lists += 1
                if now >= .seconds(3700) { return (lists, now) }
                next = try tick(watch.listed(Page(items: [job(1, .running)]), at: now).actions)
            }
        }
        let (plain, known, over) = (
            try end(expected: nil), try end(expected: .seconds(3699)), try end(expected: .seconds(60))
        )
        #expect(plain.noticed > .seconds(3701))
        #expect(known.noticed <= .seconds(3701))
        #expect(known.lists - plain.lists < 40)
        #expect(over.lists - plain.lists < 40)
    }

    @Test func `a list of many small pages is asked for less often`() throws {
        var watch = JobWatch(canList: true)
        let first = try tick(watch.watch(step(1), JobID("1"), at: .zero, since: wall + .seconds(-300)))
        _ = watch.ticked(first.number, at: .seconds(10))
        var news = JobWatch.News()
        for page in 1...50 {
            let next = page < 50 ? ListCursor(page: page, offset: page) : nil
            news = watch.listed(Page(items: [job(page == 50 ? 1 : 99, .running)], next: next), at: .seconds(10))
        }
        // Fifty requests in 24.5 seconds, about as many as for lists of one page.
        #expect(try tick(news.actions).after == .milliseconds(24_500))
    }

    @Test func `an answer about another job is none`() throws {
        var watch = JobWatch(canList: false)
        let first = try tick(watch.watch(step(1), JobID("1"), at: .zero, since: wall + .seconds(-300)))
        _ = watch.ticked(first.number, at: .seconds(1))
        #expect(watch.answered(JobID("1"), job(2, .completed), at: .seconds(1)).seen.isEmpty)
        let second = watch.answered(JobID("1"), job(2, .completed), at: .seconds(40))
        #expect(second.lost == [step(1)])
    }

    @Test func `a job of another workflow that has the same id is another job`() throws {
        var watch = JobWatch(canList: true)
        _ = watch.watch(step(1), JobID("1"), at: .zero, since: wall + .seconds(-300))
        let ours = Job(id: JobID("1"), label: "a", state: .running)
        #expect(watch.listed(Page(items: [ours]), at: .seconds(1)).seen.count == 1)
        let other = Job(id: JobID("1"), label: "b", state: .completed)
        #expect(watch.listed(Page(items: [other]), at: .seconds(2)).seen.isEmpty)
    }

    @Test(arguments: [false, true])
    func `two jobs that have the same id are told apart, whichever is watched first`(isNewFirst: Bool) throws {
        var watch = JobWatch(canList: true)
        let jobs = [
            WatchedJob(JobIdentity(Job(id: JobID("1"), label: "old", state: .running, created: wall + .seconds(-100)))),
            WatchedJob(JobIdentity(Job(id: JobID("1"), label: "new", state: .running, created: wall)), isTrusted: true),
        ]
        var number = 0
        for index in isNewFirst ? [1, 0] : [0, 1] {
            let actions = watch.watch(step(index), jobs[index], at: .zero, since: wall)
            for case .tick(let tick, _) in actions { number = tick }
        }
        let shown = Job(id: JobID("1"), label: "new", state: .running, created: wall)
        _ = watch.ticked(number, at: .seconds(1))
        let news = watch.listed(Page(items: [shown]), at: .seconds(1))
        #expect(news.seen.map(\.step) == [step(1)])
        #expect(news.actions == [.ask(JobID("1"))], "the old one may be found by itself")
        #expect(watch.answered(JobID("1"), shown, at: .seconds(1)).lost.isEmpty)
        #expect(watch.answered(JobID("1"), shown, at: .seconds(60)).lost == [step(0)])
        #expect(Array(watch.steps) == [step(1)])
    }

    @Test func `one job is watched for several steps`() throws {
        var watch = JobWatch(canList: true)
        let job = WatchedJob(JobIdentity(job(1, .running)))
        for number in 1...2 { _ = watch.watch(step(number), job, at: .zero, since: wall) }
        #expect(watch.listed(Page(items: [self.job(1, .running)]), at: .zero).seen.map(\.step) == [step(1), step(2)])
        watch.unwatch(step(1))
        #expect(watch.steps(of: JobID("1")) == [step(2)])
    }

    @Test func `a list that never ends is left for asking`() throws {
        var watch = JobWatch(canList: true)
        let first = try tick(watch.watch(step(1), JobID("1"), at: .zero, since: wall + .seconds(-300)))
        var actions = watch.ticked(first.number, at: .seconds(10))
        var pages = 0
        while case .list(_, at: let cursor, _)? = actions.first {
            pages += 1
            try #require(pages <= ListCursor.mostPages)
            let next = ListCursor(page: cursor.page + 1, offset: cursor.offset + 1)
            let isCut = next.page == ListCursor.mostPages
            let page = Page(items: [job(99, .running)], next: isCut ? nil : next, isCut: isCut)
            actions = watch.listed(page, at: .seconds(10)).actions
        }
        #expect(pages == ListCursor.mostPages && actions == [.ask(JobID("1"))])
    }

    @Test func `the interval grows with age to a hundredth of it, at most thirty seconds`() throws {
        for (age, bound) in [(4, 1.0), (60, 1.0), (600, 6.0), (100_000, 30.0)] {
            var watch = JobWatch(canList: true)
            let first = try tick(watch.watch(step(1), JobID("1"), at: .zero, since: wall + .seconds(-300)))
            _ = watch.ticked(first.number, at: .seconds(age))
            let actions = watch.listed(Page(items: [job(1, .running)]), at: .seconds(age)).actions
            #expect(try tick(actions).after.seconds <= bound)
            #expect(try tick(actions).after.seconds >= bound * 0.9)
        }
    }

    @Test func `a second page is read only while a job is missing`() throws {
        var watch = JobWatch(canList: true)
        let first = try tick(watch.watch(step(1), JobID("1"), at: .zero, since: wall + .seconds(-300)))
        _ = watch.ticked(first.number, at: .milliseconds(5))
        let second = ListCursor(page: 1, offset: 1)
        let more = watch.listed(Page(items: [job(9, .running)], next: second), at: .milliseconds(6))
        #expect(more.seen.isEmpty)
        guard case .list(_, at: second, _)? = more.actions.first else {
            Issue.record("\(more.actions)")
            return
        }
        let third = ListCursor(page: 2, offset: 2)
        let news = watch.listed(Page(items: [job(1, .completed)], next: third), at: .milliseconds(7))
        #expect(news.seen.map(\.job.state) == [.completed])
        _ = try tick(news.actions)
    }

    @Test func `a job that was accepted after the list was asked for is not looked for in it`() throws {
        var watch = JobWatch(canList: true)
        let first = try tick(watch.watch(step(1), JobID("1"), at: .zero, since: wall + .seconds(-300)))
        _ = watch.ticked(first.number, at: .milliseconds(5))
        #expect(watch.watch(step(2), JobID("2"), at: .milliseconds(6), since: wall + .seconds(-300)).isEmpty)
        let page = Page(items: [job(1, .running)], next: ListCursor(page: 1, offset: 1))
        let next = try tick(watch.listed(page, at: .milliseconds(7)).actions)
        #expect(next.after <= .milliseconds(50), "and is looked at soon")
        _ = watch.ticked(next.number, at: .milliseconds(7) + next.after)
        let last = watch.listed(Page(items: [job(2, .running), job(1, .running)]), at: .milliseconds(20))
        #expect(last.lags == [.zero], "it was missing from no list")
    }

    /// How many jobs lie behind a full page of jobs that have ended since; `true`: each is asked for.
    @Test(arguments: [(1, true), (8, true), (9, false)])
    func `a few jobs that run for long are not looked for behind those that have ended`(count: Int, isAsked: Bool)
        throws
    {
        var watch = JobWatch(canList: true)
        var next = (number: 0, after: Duration.zero)
        for index in 1...count {
            for case .tick(let number, let delay) in watch.watch(
                step(index), JobID("\(index)"), at: .zero, since: wall + .seconds(-300))
            {
                next = (number, delay)
            }
        }
        _ = watch.ticked(next.number, at: .milliseconds(5))
        let old = (1...count).map { job($0, .running) }
        next = try tick(watch.listed(Page(items: old), at: .milliseconds(6)).actions)
        _ = watch.ticked(next.number, at: .seconds(1))
        let ended = (100..<300).map { job($0, .completed) }
        let actions = watch.listed(Page(items: ended, next: ListCursor(page: 1, offset: 200)), at: .seconds(1)).actions
        let isAsking = actions.allSatisfy { if case .ask = $0 { true } else { false } }
        #expect(actions.count == (isAsked ? count : 1) && isAsking == isAsked, "\(actions)")
    }

    @Test func `a job that no list shows is asked for, and lost only after a while`() throws {
        var watch = JobWatch(canList: true)
        var next = try tick(watch.watch(step(1), JobID("1"), at: .zero, since: wall + .seconds(-300)))
        var lost: NodeID?
        var now = Duration.zero
        for _ in 0..<10_000 where lost == nil {
            now += next.after
            _ = watch.ticked(next.number, at: now)
            #expect(watch.listed(Page(items: []), at: now).actions == [.ask(JobID("1"))])
            let answer = watch.answered(JobID("1"), nil, at: now)
            lost = answer.lost.first
            if lost == nil { next = try tick(answer.actions) }
        }
        #expect(lost == step(1))
        #expect(now >= .seconds(30))
    }

    @Test func `a tick that an earlier one replaced does nothing, and none asks while an answer is due`() throws {
        var watch = JobWatch(canList: true)
        let first = try tick(watch.watch(step(1), JobID("1"), at: .zero, since: wall + .seconds(-300)))
        _ = watch.ticked(first.number, at: .seconds(50))
        let late = try tick(watch.listed(Page(items: [job(1, .running)]), at: .seconds(50)).actions)
        let sooner = try tick(watch.watch(step(2), JobID("2"), at: .seconds(50), since: wall + .seconds(-300)))
        #expect(sooner.after < late.after)
        #expect(watch.ticked(late.number, at: .seconds(51)).isEmpty)
        #expect(watch.ticked(sooner.number, at: .seconds(51)).count == 1)
        #expect(watch.watch(step(3), JobID("3"), at: .seconds(51), since: wall + .seconds(-300)).isEmpty)
    }

    @Test func `nothing is asked once nothing is watched`() throws {
        var watch = JobWatch(canList: true)
        let first = try tick(watch.watch(step(1), JobID("1"), at: .zero, since: wall + .seconds(-300)))
        watch.unwatch(step(1))
        #expect(watch.ticked(first.number, at: .milliseconds(5)).isEmpty)
    }

    @Test func `without a list each job is asked for, a few at a time and all in turn`() throws {
        var watch = JobWatch(canList: false)
        var next: (number: Int, after: Duration) = (0, .zero)
        for index in 1...20 {
            for case .tick(let number, let delay) in watch.watch(
                step(index), JobID("\(index)"), at: .zero, since: wall + .seconds(-300))
            {
                next = (number, delay)
            }
        }
        var asked: Set<JobID> = []
        var now = Duration.zero
        for _ in 0..<3 {
            now += max(next.after, .milliseconds(1))
            var planned: [JobWatch.Action] = []
            for case .ask(let id) in watch.ticked(next.number, at: now) {
                asked.insert(id)
                planned = watch.answered(id, Job(id: id, state: .running), at: now).actions
            }
            next = try tick(planned)
        }
        #expect(asked.count == 20)
    }
}

extension JobWatch {
    /// Watches a job that the server has just named.
    fileprivate mutating func watch(_ step: NodeID, _ job: JobID, at now: Duration, since: Timestamp) -> [Action] {
        watch(step, WatchedJob(JobIdentity(job), isTrusted: true, isFromReply: true), at: now, since: since)
    }
}
