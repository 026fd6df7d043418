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
    private let host: String
    private let patience: Duration
    /// Somebody did not answer: the script does not wait for anybody again.
    private let hasHung = Atomic(false)
    private let underWay = Mutex<[Task<Void, Never>]>([])
    /// The last ping: a switch that hears of the beginning after the end believes that the run goes on.
    private let lastPing = Mutex<Task<Void, Never>?>(nil)

    /// How long one announcement may take, and the end of a run with all that is under way.
    package static let usualPatience = Duration.seconds(10)

    /// ``finish()`` must follow.
    package init(_ settings: NotificationSettings, logger: Logger, patience: Duration = usualPatience) {
        self.settings = settings
        self.logger = logger
        self.patience = patience
        host = ProcessInfo.processInfo.hostName
    }

    /// Tells it without anybody waiting.
    package func announce(_ announcement: Announcement) {
        let task = Task { await deliver(announcement) }
        underWay.withLock { $0.append(task) }
        guard let ping = settings.ping, let path = Self.pingPath(announcement) else { return }
        let pinging = lastPing.withLock { last in
            let task = Task { [last] in
                await last?.value
                await deliver("notify.ping") { await self.get(ping, path) }
            }
            last = task
            return task
        }
        underWay.withLock { $0.append(pinging) }
    }

    /// Tells it on every way that wants it, and tries again where that may help, until the patience ends.
    package func deliver(_ announcement: Announcement) async {
        await withDiscardingTaskGroup { group in
            if let webhook = settings.webhook, !webhook.occasions.isDisjoint(with: announcement.occasions) {
                group.addTask { await self.deliver("notify.webhook") { await self.post(announcement, webhook) } }
            }
            if let command = settings.command, !command.occasions.isDisjoint(with: announcement.occasions) {
                group.addTask { await self.deliver("notify.command") { await self.run(command, announcement) } }
            }
        }
    }

    /// Tells what a script wants told; returns when that is done, or will not be soon.
    package func tell(_ announcement: Announcement) async {
        guard !hasHung.load(ordering: .relaxed) else { return announce(announcement) }
        await deliver(announcement)
    }

    /// Waits for what is under way as long as the patience allows, and lets go of everything.
    package func finish() async {
        let tasks = underWay.withLock { $0 }
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

    private func deliver(_ way: String, _ attempt: @escaping @Sendable () async -> Delivery) async {
        let last = Mutex("it did not answer in time")
        let isDone = Mutex(false)
        await Self.within(patience) {
            for tries in 1...Delivery.mostTries {
                switch await attempt() {
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
        guard !isDone.withLock({ $0 }) else { return }
        logger.warning("\(way): nobody could be told: \(last.withLock { $0 })")
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

    private func post(_ announcement: Announcement, _ webhook: NotificationSettings.Webhook) async -> Delivery {
        await request(webhook.url, "the address of notify.webhook") { request in
            request.method = .POST
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(string: webhook.format.body(announcement, host: self.host).jsonText))
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

    private func run(_ command: NotificationSettings.Command, _ announcement: Announcement) async -> Delivery {
        let values = announcement.values(host: host)
        let words = command.line.filled(values)
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
                environment: environment, input: announcement.text + "\n")
            if result.isSuccess { return .done }
            let said = result.errors.split(separator: "\n").first.map { ": \($0)" } ?? ""
            return .again("\(program) failed\(said)")
        } catch {
            return .refused(
                Task.isCancelled ? "\(program) took too long" : "\(program) cannot be run")
        }
    }
}
