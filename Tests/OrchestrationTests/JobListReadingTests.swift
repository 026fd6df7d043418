import DataStudio
import Testing

@testable import Orchestration

/// How far a list of jobs has to be read, and what its order is.
@Suite struct JobListReadingTests {
    private let noon = Timestamp(milliseconds: 1_772_337_906_000)

    /// A job that was made so many seconds before noon.
    private func job(_ id: Int, _ ago: Int?) -> Job {
        Job(id: JobID("\(id)"), state: .running, created: ago.map { noon + .seconds(-$0) })
    }

    private func page(_ jobs: [Job], of page: Int, last: Bool, unreadable: Int = 0) -> Page<Job> {
        Page(items: jobs, next: last ? nil : ListCursor(page: page + 1, offset: 0), unreadable: unreadable)
    }

    /// Reads pages of two jobs until it is enough.
    ///
    /// - Returns: how many pages were read, and what came of the last one.
    private func read(
        _ reading: inout JobListReading, _ jobs: [Job], perPage: Int = 2
    ) -> (pages: Int, end: JobListReading.Progress) {
        let pages = max(1, (jobs.count + perPage - 1) / perPage)
        for number in 0..<pages {
            let part = Array(jobs.dropFirst(number * perPage).prefix(perPage))
            let progress = reading.take(page(part, of: number, last: number == pages - 1))
            guard case .page(let cursor) = progress else { return (number + 1, progress) }
            #expect(cursor.page == number + 1 && reading.cursor == cursor)
        }
        return (pages, .done)
    }

    private func reading(back: Int?, _ order: ListOrder, mostPages: Int = 50) -> JobListReading {
        JobListReading(back: back.map { noon + .seconds(-$0) }, order: order, mostPages: mostPages)
    }

    @Test(
        arguments: [(.newestFirst, 3), (.oldestFirst, 6), (.unknown, 6), (.none, 6)] as [(ListOrder, Int)])
    func `only a list that is known to begin with the newest is not read to its end`(order: ListOrder, pages: Int) {
        let times = Array(0..<12).map { $0 * 10 }
        let jobs = (order == .oldestFirst ? times.reversed() : times).enumerated().map { job($0, $1) }
        var reading = reading(back: 45, order)
        let result = read(&reading, jobs)
        #expect(result.pages == pages && result.end == .done)
        #expect(reading.isWhole == (order != .newestFirst))
        #expect(reading.jobs.count == pages * 2)
        #expect(reading.order == order, "twelve jobs show no order")
    }

    @Test func `a list that is cut is too long, and is not known to the end`() {
        var reading = reading(back: nil, .unknown, mostPages: 1_000)
        #expect(reading.take(Page(items: [job(1, 0)], isCut: true)) == .tooLong)
        #expect(!reading.isWhole)
    }

    @Test func `a job that is listed twice counts once, and another one with its id counts`() {
        var reading = reading(back: nil, .unknown)
        _ = reading.take(page([job(1, 10), job(2, 5)], of: 0, last: false))
        _ = reading.take(page([job(2, 5), job(1, 3), job(1, 10)], of: 1, last: true))
        #expect(reading.jobs == [job(1, 10), job(2, 5), job(1, 3)])
    }

    @Test func `without a time to read back to, the list is read to its end`() {
        var reading = reading(back: nil, .newestFirst)
        #expect(read(&reading, (0..<12).map { job($0, $0 * 10) }).pages == 6)
        #expect(reading.isWhole)
    }

    /// What twenty jobs and more of a whole list show of its order; the seconds before noon at which they were made.
    @Test(
        arguments: [
            (Array(0..<20), .newestFirst), (Array((0..<20).reversed()), .oldestFirst), (Array(0..<19), .unknown),
            (Array(repeating: 5, count: 30), .unknown), ((0..<20).map { $0 / 4 }, .newestFirst),
            ((0..<20).map { ($0 * 7) % 20 }, .none), ([9] + Array(0..<20), .none),
        ] as [([Int], ListOrder)])
    func `twenty jobs in one order are no accident`(ago: [Int], order: ListOrder) {
        var reading = reading(back: 3, .unknown)
        #expect(read(&reading, ago.enumerated().map { job($0, $1) }, perPage: 10).end == .done)
        #expect(reading.isWhole && reading.order == order)
    }

    @Test func `a list with a job without a time shows no order`() {
        var reading = reading(back: nil, .unknown)
        _ = read(&reading, (0..<30).map { job($0, $0 == 13 ? nil : $0) }, perPage: 30)
        #expect(reading.order == .unknown)
    }

    @Test func `times that are told in minutes break no order of seconds`() {
        func jobs(_ minutes: [Int]) -> [Job] {
            minutes.enumerated().map { number, minute in
                var job = job(number, minute * 60)
                job.createdPrecision = .seconds(60)
                return job
            }
        }
        #expect(JobListReading.keeps(.newestFirst, jobs([0, 0, 1, 2, 1, 2, 3])))
        #expect(!JobListReading.keeps(.newestFirst, jobs([0, 1, 4, 2])))
        #expect(!JobListReading.keeps(.oldestFirst, jobs([0, 1, 4])))
        #expect(JobListReading.keeps(.unknown, jobs([0, 9, 4])) && JobListReading.keeps(.none, jobs([0, 9, 4])))
        #expect(JobListReading.keeps(.newestFirst, []))
    }

    /// A clock was set, or the server has another order today.
    @Test(arguments: [ListOrder.newestFirst, .oldestFirst])
    func `an order that a page does not keep is none, and the rest is read`(order: ListOrder) {
        var reading = reading(back: 3600, order)
        let times = [20, 10, 30, 15, 8000, 8010, 25, 5]
        #expect(read(&reading, times.enumerated().map { job($0, $1) }).pages == 4)
        #expect(reading.order == .none && reading.isWhole && reading.jobs.count == 8)
    }

    @Test func `a list that goes on after the last page that is read is too long`() {
        var reading = reading(back: nil, .unknown, mostPages: 3)
        let result = read(&reading, (0..<12).map { job($0, $0) })
        #expect(result.pages == 3 && result.end == .tooLong)
        #expect(!reading.isWhole && reading.jobs.count == 6, "what was read is known")
        var short = JobListReading(back: nil, order: .unknown, mostPages: 3)
        #expect(read(&short, (0..<6).map { job($0, $0) }).end == .done)
    }

    @Test func `a list with entries that cannot be read is not the whole truth`() {
        var reading = reading(back: nil, .unknown)
        guard case .page = reading.take(page([job(1, 1)], of: 0, last: false, unreadable: 1)) else {
            Issue.record("there is another page")
            return
        }
        #expect(reading.take(page([job(2, 2)], of: 1, last: true)) == .unreadable)
        #expect(reading.jobs.count == 2)
    }

    @Test func `an entry that new jobs have moved to the next page is one, an id that was given away again is two`() {
        var reading = reading(back: nil, .unknown)
        _ = reading.take(page([job(1, 1), job(2, 2)], of: 0, last: false))
        #expect(reading.take(page([job(2, 2), job(1, 500)], of: 1, last: true)) == .done)
        #expect(reading.jobs.map(\.id.text) == ["1", "2", "1"])
    }

    @Test func `another look begins at the beginning, and knows what the last one has found of the order`() {
        var reading = reading(back: 100, .newestFirst, mostPages: 2)
        _ = reading.take(page([job(1, 50), job(2, 10)], of: 0, last: false))
        let again = reading.again()
        #expect(again.cursor == .first && again.jobs.isEmpty && !again.isWhole)
        #expect(again.order == .none && again.back == noon + .seconds(-100))
    }
}
