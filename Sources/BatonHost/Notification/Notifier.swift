import AsyncHTTPClient
import DataStudio
import Foundation
import JSON
package import Logging
import NIOCore
import NIOHTTP1
import Subprocess
import Synchronization
import SystemPackage

/// Tells people what happens to a run. What goes wrong there is logged, and changes nothing of the run.
package final class Notifier: Sendable {
    private let settings: NotificationSettings
    private let logger: Logger
    private let sender = Sender.current
    private let patience: Duration
    /// Somebody did not answer: the script does not wait for anybody again.
    private let hasHung = Atomic(false)
    private let failed = Mutex<[Announcement]>([])
    /// Keeps what could not be delivered where others send it again; false if it could not.
    private let keeper = Mutex<(@Sendable (Announcement) -> Bool)?>(nil)
    private let underWay = Mutex(UnderWay())
    /// The last ping: a switch that hears of the beginning after the end believes that the run goes on.
    private let lastPing = Mutex<Task<Void, Never>?>(nil)

    /// What is being told. What has been told leaves it.
    private struct UnderWay {
        var tasks: [Int: Task<Void, Never>] = [:]
        var announcements: [Int: Announcement] = [:]
        /// What is sent once the caller finishes.
        var held: [Announcement] = []
        var count = 0
        /// Something was not told because too much was under way, and that was logged.
        var isFull = false
    }

    /// How much is told at the same time, of what scripts and steps want told while somebody does not answer.
    private static let mostUnderWay = 100

    /// How long one announcement may take, and the end of a run with all that is under way.
    package static let usualPatience = Duration.seconds(10)

    /// ``finish()`` must follow.
    package init(_ settings: NotificationSettings, logger: Logger, patience: Duration = usualPatience) {
        self.settings = settings
        self.logger = logger
        self.patience = patience
    }

    /// Tells it without anybody waiting.
    package func announce(_ announcement: Announcement) {
        begin(announcement) { await self.deliver(announcement) }
        guard let ping = settings.ping, let path = Self.pingPath(announcement) else { return }
        lastPing.withLock { last in
            last = begin { [last] in
                await last?.value
                await self.deliver("notify.ping") { await self.get(ping, path) }
            }
        }
    }

    /// Tells it when ``finish()`` is called: until then ``pending`` has it, and it can be kept before anything of it leaves.
    package func hold(_ announcement: Announcement) { underWay.withLock { $0.held.append(announcement) } }

    @discardableResult
    private func begin(
        _ announcement: Announcement? = nil, _ body: @escaping @Sendable () async -> Void
    ) -> Task<Void, Never> {
        // Its end waits for the lock: it leaves what is under way once it is there.
        underWay.withLock { state in
            state.count += 1
            let number = state.count
            let task = Task {
                await body()
                underWay.withLock { state in
                    state.tasks[number] = nil
                    state.announcements[number] = nil
                }
            }
            state.tasks[number] = task
            state.announcements[number] = announcement
            return task
        }
    }

    /// Tells it on every way that wants it, and tries again where that may help, until the patience ends.
    package func deliver(_ announcement: Announcement) async {
        var rest = announcement
        rest.ways = await withTaskGroup(of: String?.self) { group in
            for (way, attempt) in ways(of: announcement) {
                group.addTask { await self.deliver(way, attempt) ? nil : way }
            }
            return await group.reduce(into: []) { failed, way in if let way { failed.insert(way) } }
        }
        guard !rest.ways.isEmpty, rest.isWorthSendingLate, keeper.withLock({ $0 })?(rest) != true else { return }
        failed.withLock { $0 = $0.suffix(Self.mostUndelivered - 1) + [rest] }
    }

    /// What is on its way, as far as people have to know it also hours later.
    package var pending: [Announcement] {
        underWay.withLock { state in
            (state.announcements.sorted { $0.key < $1.key }.map(\.value) + state.held).filter { announcement in
                announcement.isWorthSendingLate && !ways(of: announcement).isEmpty
            }
        }
    }

    /// From here on, what could not be delivered is given to this at once, and only what it could not keep is in
    /// ``undelivered``; `nil`: all of it is.
    package func keepUndelivered(_ keep: (@Sendable (Announcement) -> Bool)?) { keeper.withLock { $0 = keep } }

    /// So many messages that could not be delivered are kept, the last ones.
    private static let mostUndelivered = 20

    /// What could not be delivered so far, with the ways that failed; not what nobody needs to know hours later.
    package var undelivered: [Announcement] { failed.withLock { $0 } }

    /// What came of a test message on one way.
    package struct TestResult: Sendable {
        /// The setting: `notify.webhook`.
        package let way: String
        /// Why it could not be delivered; `nil` if it was.
        package let problem: String?
    }

    /// Sends a message on every way that wants it, the ping too, and reports what came of it. No test raises an alarm at the
    /// ping.
    package func test(_ announcement: Announcement) async -> [TestResult] {
        var ways = ways(of: announcement)
        if let ping = settings.ping, let path = Self.pingPath(announcement), !announcement.occasions.contains(.failure)
        {
            ways.append(("notify.ping", { await self.get(ping, path) }))
        }
        var results: [TestResult] = []
        for (way, attempt) in ways { results.append(TestResult(way: way, problem: await problem(attempt))) }
        return results
    }

    private typealias Way = (name: String, attempt: @Sendable () async -> Delivery)

    /// The names of the ways on which a message is sent.
    package func wayNames(of announcement: Announcement) -> Set<String> { Set(ways(of: announcement).map(\.name)) }

    private func ways(of announcement: Announcement) -> [Way] {
        var ways: [Way] = []
        var written: Set<String> = []
        for target in settings.targets where target.wants(announcement) {
            let setting = target.setting
            switch target.way {
            case .webhook(let url, let format):
                ways.append((setting, { await self.post(announcement, url, format, setting) }))
            case .command(let line): ways.append((setting, { await self.run(line, announcement) }))
            // Each by itself: that one address is refused is no reason to send nothing to the others, or everything again.
            case .mail(let addresses):
                for address in addresses where written.insert(address.lowercased()).inserted {
                    ways.append(
                        (
                            "\(setting): \(address)",
                            {
                                await self.mail {
                                    MailMessage(announcement, from: $0.from, to: address, by: self.sender)
                                }
                            }
                        ))
                }
            }
        }
        return announcement.ways.isEmpty ? ways : ways.filter { announcement.ways.contains($0.name) }
    }

    /// Tells what a script wants told; returns when that is done, or will not be soon.
    package func tell(_ announcement: Announcement) async {
        guard hasHung.load(ordering: .relaxed) else {
            // The end of the run cancels whoever waits here; the message has its time, see ``finish()``.
            let (ends, end) = AsyncStream<Never>.makeStream()
            begin(announcement) {
                await self.deliver(announcement)
                end.finish()
            }
            for await _ in ends {}
            return
        }
        let (isFull, isFirst) = underWay.withLock { state in
            let isFull = state.tasks.count >= Self.mostUnderWay
            defer { if isFull { state.isFull = true } }
            return (isFull, !state.isFull)
        }
        guard isFull else { return announce(announcement) }
        if isFirst {
            logger.warning("too many messages wait for an answer that does not come: further ones are dropped")
        }
    }

    /// Waits for what is under way as long as the patience allows, and lets go of everything.
    package func finish() async {
        let held = underWay.withLock { state in
            defer { state.held = [] }
            return state.held
        }
        for announcement in held { announce(announcement) }
        let tasks = underWay.withLock { Array($0.tasks.values) }
        await Self.within(patience) {
            for task in tasks { await task.value }
        } onTimeout: {
            for task in tasks { task.cancel() }
        }
        for task in tasks { await task.value }
    }

    private static func pingPath(_ announcement: Announcement) -> String? {
        if announcement.occasions.contains(.success) { return "" }
        if announcement.occasions.contains(.failure) { return "/fail" }
        return announcement.occasions.contains(.start) ? "/start" : nil
    }

    /// - Returns: false if it could not be delivered.
    @discardableResult
    private func deliver(_ way: String, _ attempt: @escaping @Sendable () async -> Delivery) async -> Bool {
        guard let problem = await problem(attempt) else { return true }
        logger.warning("\(way): a message could not be delivered: \(problem)")
        return false
    }

    /// Tries to deliver a message, and tries again where that may help, until the patience ends.
    ///
    /// - Returns: why it could not be delivered.
    private func problem(_ attempt: @escaping @Sendable () async -> Delivery) async -> String? {
        let tooLong = "not done within \(patience.short)"
        let last = Mutex(tooLong)
        let isDone = Mutex(false)
        await Self.within(patience) {
            for tries in 1...Delivery.mostTries {
                let delivery = await attempt()
                // What an attempt says that is cut off is about that, and not about whoever did not answer.
                if Task.isCancelled, delivery != .done { return last.withLock { $0 = tooLong } }
                switch delivery {
                case .done: return isDone.withLock { $0 = true }
                case .refused(let reason): return last.withLock { $0 = reason }
                case .again(let reason): last.withLock { $0 = reason }
                }
                guard tries < Delivery.mostTries, (try? await Task.sleep(for: Delivery.pause(after: tries))) != nil
                else { return }
            }
        } onTimeout: {
            self.hasHung.store(true, ordering: .relaxed)
        }
        return isDone.withLock { $0 } ? nil : last.withLock { $0 }
    }

    /// Runs something, and cancels it when it takes too long.
    private static func within(
        _ time: Duration, _ body: @escaping @Sendable () async -> Void, onTimeout: @escaping @Sendable () -> Void
    ) async {
        await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                await body()
                return true
            }
            group.addTask { (try? await Task.sleep(for: time)) == nil }
            if await group.next() == false { onTimeout() }
            group.cancelAll()
        }
    }

    // MARK: The ways

    private func post(
        _ announcement: Announcement, _ url: SecretSource, _ format: WebhookFormat, _ setting: String
    ) async -> Delivery {
        await request(url, "the address of \(setting)") { request in
            request.method = .POST
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(string: format.body(announcement, from: self.sender).jsonText))
        }
    }

    /// Asks the mail server whether it would take messages: its certificate and the login, but no address.
    ///
    /// - Returns: why it would not; `nil` if it would.
    package func mailProblem() async -> String? { await problem { await self.mail { _ in nil } } }

    private func mail(_ message: (MailSettings) -> MailMessage?) async -> Delivery {
        guard let settings = settings.mail else { return .refused("notify.smtp is missing") }
        do throws(ConfigurationError) {
            let password = try await settings.password?.read("the password of notify.smtp")
            return await MailSender.send(
                message(settings), settings, password: password?.secret, by: sender, within: patience)
        } catch {
            return .refused(error.description)
        }
    }

    private func get(_ url: SecretSource, _ path: String) async -> Delivery {
        await request(url, "the address of notify.ping") { $0.url += path }
    }

    private func request(
        _ url: SecretSource, _ what: String, _ change: (inout HTTPClientRequest) -> Void
    ) async -> Delivery {
        do throws(ConfigurationError) {
            var text = try await url.read(what).secret
            if text.hasSuffix("/") { text.removeLast() }
            var request = HTTPClientRequest(url: text)
            request.headers.add(name: "User-Agent", value: "baton")
            change(&request)
            do {
                return Delivery(status: try await OneRequest.send(request, within: patience, readsBody: false).status)
            } catch {
                // Never the error itself: it may quote the address.
                return .again(TransportReason.text(error))
            }
        } catch {
            return .refused(error.description)
        }
    }

    private func run(_ line: CommandLineWords, _ announcement: Announcement) async -> Delivery {
        let values = announcement.values(from: sender)
        let words = line.filled(values)
        guard let program = words.first else { return .refused("it has no program") }
        var changes = Dictionary(
            uniqueKeysWithValues: settings.withheld.map { (Environment.Key(stringLiteral: $0), String?.none) })
        for entry in values where entry.name != "body" {
            changes[.init(stringLiteral: "BATON_" + entry.name.uppercased())] = entry.value
        }
        let environment = Environment.inherit.updating(changes)
        do {
            let result = try await Program.run(
                program.contains("/") ? .path(FilePath(program)) : .name(program), Array(words.dropFirst()),
                environment: environment, input: announcement.story(from: sender) + "\n", keepsOutput: false)
            if result.isSuccess { return .done }
            let said = result.errors.split(separator: "\n").first.map { ": \($0)" } ?? ""
            return .again("\(program) failed\(said)")
        } catch {
            return .refused(
                Task.isCancelled ? "\(program) took too long" : "\(program) cannot be run")
        }
    }
}
