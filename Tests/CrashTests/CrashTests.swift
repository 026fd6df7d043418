import DataStudio
import Foundation
import SimulatedStudio
import Synchronization

/// The crash driver: random scripts against a random server, with deaths at random points, judged by the truth.
///
///     CrashTests [--seeds FROM..<TO] [--first]    prints counts, and the seeds that break an invariant
///     CrashTests --well …                         only servers as one would wish
///     CrashTests --sessions …                     sessions of the prompt among the runs
///     CrashTests --seed N                         one of them, with everything that happened
@main
struct CrashTests {
    static func main() async throws {
        var arguments = CommandLine.arguments.dropFirst()
        var seeds: Range<UInt64> = 0..<1_000
        var stopsAtFirst = false
        var isWell = false
        var hasSessions = false
        while let argument = arguments.popFirst() {
            switch argument {
            case "--seed":
                guard let seed = arguments.popFirst().flatMap({ UInt64($0) }) else { return usage() }
                exit(try show(seed, isWell: isWell, hasSessions: hasSessions) ? 0 : 1)
            case "--seeds":
                let parts = arguments.popFirst()?.split(separator: ".").compactMap { UInt64($0.filter(\.isNumber)) }
                guard let parts, parts.count == 2 else { return usage() }
                seeds = parts[0]..<parts[1]
            case "--first": stopsAtFirst = true
            case "--well": isWell = true
            case "--sessions": hasSessions = true
            default: return usage()
            }
        }
        exit(try await run(seeds, stopsAtFirst, isWell: isWell, hasSessions: hasSessions) ? 0 : 1)
    }

    private static func usage() {
        print("usage: CrashTests [--seeds 0..<100000] [--first] | --seed N")
        exit(64)
    }

    /// Plays one seed and tells all of it.
    private static func show(_ seed: UInt64, isWell: Bool, hasSessions: Bool) throws -> Bool {
        let plan = WorldPlan(seed: seed, base: try .default(), isWell: isWell, hasSessions: hasSessions)
        let world = try World(plan, WorldJournal(), traces: true)
        world.night()
        for script in plan.scripts { print(script) }
        for line in world.trace ?? [] { print(line) }
        for violation in world.violations { print("VIOLATION \(violation)") }
        return world.violations.isEmpty
    }

    /// Plays seeds on all cores.
    private static func run(_ seeds: Range<UInt64>, _ stopsAtFirst: Bool, isWell: Bool, hasSessions: Bool) async throws
        -> Bool
    {
        let base = try APIDescription.default()
        let began = ContinuousClock.now
        let next = Counter(seeds.lowerBound)
        let workers = max(1, ProcessInfo.processInfo.activeProcessorCount)
        let results = try await withThrowingTaskGroup(of: (Coverage, [(UInt64, String)]).self) { group in
            for _ in 0..<workers {
                group.addTask {
                    var coverage = Coverage()
                    let journal = try WorldJournal()
                    var failures: [(UInt64, String)] = []
                    while true {
                        let seed = next.take()
                        guard seed < seeds.upperBound else { break }
                        let world = try World(
                            WorldPlan(seed: seed, base: base, isWell: isWell, hasSessions: hasSessions), journal,
                            traces: false)
                        world.night()
                        coverage.note(world.seen)
                        guard let violation = world.violations.first else { continue }
                        failures.append((seed, violation))
                        if stopsAtFirst || failures.count >= 20 { next.finish(seeds.upperBound) }
                    }
                    return (coverage, failures)
                }
            }
            var all: (Coverage, [(UInt64, String)]) = (Coverage(), [])
            for try await (coverage, failures) in group {
                all.0.add(coverage)
                all.1 += failures
            }
            return all
        }
        let took = ContinuousClock.now - began
        let played = min(next.value, seeds.upperBound) - seeds.lowerBound
        print("seeds \(seeds.lowerBound)..<\(seeds.upperBound): \(played) scenarios in \(took.seconds) s")
        for name in Coverage.names { print("  \(name): \(results.0.counts[name] ?? 0)") }
        for (seed, violation) in results.1.sorted(by: { $0.0 < $1.0 }).prefix(20) {
            print("seed \(seed) breaks invariant \(violation)")
            print("  to see it: swift run -c release CrashTests --seed \(seed)")
        }
        let missing = Coverage.names.filter { results.0.counts[$0] == nil }
        if played >= 10_000, !missing.isEmpty, results.1.isEmpty {
            print("nothing passed through \(missing.joined(separator: ", ")): the generator does not do its work")
            return false
        }
        return results.1.isEmpty
    }
}

/// Numbers that several tasks take from.
private final class Counter: Sendable {
    private let next: Atomic<UInt64>

    init(_ first: UInt64) { next = Atomic(first) }

    var value: UInt64 { next.load(ordering: .relaxed) }
    func take() -> UInt64 { next.wrappingAdd(1, ordering: .relaxed).oldValue }
    func finish(_ end: UInt64) { next.store(end, ordering: .relaxed) }
}
