import DataStudio
import Foundation
import LuaVM
import Orchestration
import Subprocess
import Testing

/// `os.date` and `os.time` of a run against those of the stock interpreter, a process with the zone in its environment.
///
/// The C library is not held to what the result of an earlier call decides there: which of two times that clocks show
/// alike is meant, and what a time counts as that they skip, where summer time begins or ends with neither.
@Suite struct StockTimeTests {
    @Test(arguments: [
        "Europe/London", "Europe/Lisbon", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca",
        "Asia/Kathmandu", "Pacific/Apia", "America/St_Johns", "Europe/Dublin", "UTC", "CET-1CEST,M3.5.0,M10.5.0/3",
        "<-03>3:30<-02>,J60/0,300/23:30",
    ])
    func `local times are those of the stock interpreter`(name: String) async throws {
        let zone = try Zone(name)
        let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Scripts/fuzz/times.lua")
        let arguments = ([zone.earliest] + zone.changes).map(String.init)
        let stock = try await Self.stock(script, zone: name, arguments)
        let own = try Self.own(try String(contentsOf: script, encoding: .utf8), zone.rules, arguments)
        #expect(stock.count == own.count && own.count > 4000)
        var differences: [String] = []
        var isExcused = false
        for (stock, own) in zip(stock, own) where stock != own {
            let (expected, got) = (stock.split(separator: "\t"), own.split(separator: "\t"))
            // The fields follow from the instant, which is in the line before.
            let isFields = own.hasPrefix("fields\t")
            if !isFields { isExcused = zone.excuses(got.map(String.init), expected.last.map(String.init)) }
            if !isExcused { differences.append("stock: \(stock)\nown:   \(own)") }
        }
        #expect(differences.count == 0, "\(differences.count):\n\(differences.prefix(5).joined(separator: "\n"))")
    }

    private struct Zone {
        let rules: ZoneRules
        /// From 1971 to 2037.
        let changes: [Int64]
        /// By a rule the C library has no summer time before 1971.
        let earliest: Int64

        init(_ name: String) throws {
            let path = "/usr/share/zoneinfo/" + name
            if let file = FileManager.default.contents(atPath: path) {
                rules = try ZoneRules(name: name, version: nil, tzif: [UInt8](file))
                earliest = -60_000_000_000
            } else {
                rules = try #require(ZoneRules(rule: name))
                earliest = 31_536_000
            }
            var changes: [Int64] = []
            var period = rules.period(at: 31_536_000)
            while period.end < 2_145_916_800 {
                changes.append(period.end)
                period = rules.period(at: period.end)
            }
            self.changes = changes
        }

        /// True if the C library may say something else there, and the result is what `docs/lua.md` promises.
        func excuses(_ own: [String], _ stock: String?) -> Bool {
            guard own.first == "civil", own.count == 9, let result = Int64(own[8]) else { return false }
            let numbers = own[1...6].compactMap { Int64($0) }
            let second = min(max(numbers[5], 0), 59)
            let local = CivilTime.seconds(
                year: numbers[0], month: numbers[1], day: numbers[2], hour: numbers[3], minute: numbers[4],
                second: second)
            let instant = result - (numbers[5] - second)
            func shows(_ instant: Int64) -> Bool { instant + rules.offset(at: instant).seconds == local }
            if shows(instant) {
                // Twice: the first.
                guard own[7] == "nil", let other = stock.flatMap({ Int64($0) }) else { return false }
                let later = other - (numbers[5] - second)
                return shows(later) && instant < later
            }
            // Never: the offset from before the change.
            guard let change = changes.last(where: { $0 <= instant }) else { return false }
            let before = rules.offset(at: change - 1), after = rules.offset(at: change)
            let isSkipped = (change + before.seconds..<change + after.seconds).contains(local)
            return isSkipped && (before.isSummer || !after.isSummer) && instant == local - before.seconds
        }
    }

    private static func stock(_ script: URL, zone: String, _ arguments: [String]) async throws -> [String] {
        let result = try await Subprocess.run(
            .name("lua5.4"), arguments: Arguments([script.path] + arguments),
            environment: .inherit.updating(["TZ": zone]), output: .string(limit: 64 << 20),
            error: .string(limit: 1 << 20))
        #expect(result.terminationStatus == .exited(0), "\(result.standardError)")
        return result.standardOutput.split(separator: "\n").map(String.init)
    }

    private static func own(_ script: String, _ zone: ZoneRules, _ arguments: [String]) throws -> [String] {
        var beginning = RunBeginning(script: "times.lua", text: script, seed: 1)
        beginning.arguments = arguments
        beginning.zone = zone.name
        var limits = RunConfiguration.usualLimits
        limits.time = .seconds(60)
        let machine = try RunMachine(
            RunConfiguration(beginning, limits: limits, zone: zone), at: Timestamp(milliseconds: 0))
        return machine.begin().compactMap { action in
            if case .report(.print(let text)) = action { text } else { nil }
        }
    }
}
