import DataStudio

/// Reads a server's list of jobs, page by page, as far back as is needed.
struct JobListReading: Sendable {
    /// What comes after a page.
    enum Progress: Hashable, Sendable {
        case page(ListCursor)
        /// The list is read as far as is needed.
        case done
        /// It has more pages than are read.
        case tooLong
        /// It holds entries that cannot be read.
        case unreadable
    }

    /// Jobs that were made before that need not be read; `nil`: the list is read to its end.
    let back: Timestamp?
    private let mostPages: Int
    /// What is known of the order: only a list whose newest jobs come first need not be read to its end.
    private(set) var order: ListOrder
    private(set) var cursor = ListCursor.first
    private(set) var jobs: [Job] = []
    /// True if the list was read to its end.
    private(set) var isWhole = false
    private var seen: Set<Sighting> = []
    private var unreadable = 0

    private struct Sighting: Hashable {
        let id: JobID
        let created: Timestamp?
    }

    /// So many entries in one order are no accident.
    private static let enough = 20

    init(back: Timestamp?, order: ListOrder, mostPages: Int) {
        self.back = back
        self.order = order
        self.mostPages = mostPages
    }

    /// The list once more, from its beginning.
    func again() -> JobListReading { JobListReading(back: back, order: order, mostPages: mostPages) }

    mutating func take(_ page: Page<Job>) -> Progress {
        // Seen on the page before as well: new jobs move the others on. An id that was given away again is there twice.
        let news = page.items.filter { seen.insert(Sighting(id: $0.id, created: $0.created)).inserted }
        jobs += news
        unreadable += page.unreadable
        if order != .unknown, !Self.keeps(order, jobs) { order = .none }
        if order == .newestFirst, let back, let last = jobs.last?.createdRange, last.upperBound < back { return end() }
        guard !page.isCut else { return .tooLong }
        guard let next = page.next else {
            isWhole = true
            if order == .unknown, jobs.count >= Self.enough { order = Self.order(of: jobs) }
            return end()
        }
        guard next.page < mostPages else { return .tooLong }
        cursor = next
        return .page(next)
    }

    private func end() -> Progress { unreadable > 0 ? .unreadable : .done }

    /// False if a list shows that it has not that order. Equal times, and entries without one, show nothing.
    static func keeps(_ order: ListOrder, _ jobs: [Job]) -> Bool {
        let times = jobs.compactMap(\.createdRange)
        let pairs = zip(times, times.dropFirst())
        return switch order {
        case .newestFirst: pairs.allSatisfy { $0.upperBound >= $1.lowerBound }
        case .oldestFirst: pairs.allSatisfy { $0.lowerBound <= $1.upperBound }
        case .unknown, .none: true
        }
    }

    private static func order(of jobs: [Job]) -> ListOrder {
        let times = jobs.compactMap(\.createdRange)
        guard times.count == jobs.count, let first = times.first, let last = times.last, !first.overlaps(last) else {
            return .unknown
        }
        if keeps(.newestFirst, jobs) { return .newestFirst }
        return keeps(.oldestFirst, jobs) ? .oldestFirst : .none
    }
}
