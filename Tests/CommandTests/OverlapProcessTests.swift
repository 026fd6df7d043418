import Foundation
import JSON
import StudioServer
import Subprocess
import Testing

/// Runs of a line that wait for their turn, each with a process of its own.
@Suite(.timeLimit(.minutes(3))) struct OverlapProcessTests {
    private static let workflows = "workflows: { long: { duration: 1h }, clean: { duration: 50ms } }"
    private static let script = "finally(function() execute 'clean' end) execute 'long'"

    /// The states of all runs, the oldest first.
    private func states(_ place: Workplace) async throws -> [String] {
        try await place.runs().compactMap { $0["state"]?.text }.reversed()
    }

    private func id(_ place: Workplace) async throws -> String {
        try #require(try await place.runs().first?["run"]?.text)
    }

    @Test func `waiting runs are listed, the newest replaces them, and replace cancels the live one`() async throws {
        try await Workplace.with(Self.workflows) { place, server in
            try place.write(Self.script, to: "night.lua")
            let first = try await BatonProcess.run(
                ["run", "night.lua"], in: place.url, whenErrorsSay: "accepted as job"
            ) {
                _, _ in
                let live = try await id(place)
                let second = try await BatonProcess.run(
                    ["run", "night.lua", "--overlap", "wait"], in: place.url,
                    whenErrorsSay: "waits for run \(live) of night.lua to end"
                ) { _, _ in
                    let waiting = try await id(place)
                    let now = try await states(place)
                    #expect(now == ["running", "waiting"])
                    let list = try await place.baton("runs", "--state", "waiting").output
                    #expect(list.contains("waits for run \(live) to end"), "\(list)")
                    let shown = try await place.baton("show", waiting)
                    #expect(
                        shown.output.hasPrefix("run \(waiting): waiting, waits for run \(live) to end\n")
                            && shown.output.contains("baton cancel \(waiting)"), "\(shown)")
                    let byName = try await place.baton("show", "night")
                    #expect(byName.output.hasPrefix("run \(live): running"), "\(byName)")
                    let stopped = try await place.baton("stop", waiting)
                    #expect(stopped.code == 64 && stopped.errors.contains("nothing of it runs"), "\(stopped)")
                    let third = try await BatonProcess.run(
                        ["run", "night.lua", "--overlap", "replace"], in: place.url, whenErrorsSay: "accepted as job"
                    ) { _, _ in
                        let cancel = try await place.baton("cancel")
                        #expect(cancel.code == 0, "\(cancel)")
                    }
                    #expect(third.code == 1, "\(third.errors)")
                    let watched = try await place.baton("watch", waiting)
                    #expect(watched.code == 6 && watched.output.contains("abandoned, replaced by run "), "\(watched)")
                }
                #expect(second.code == 6, "\(second.errors)")
                #expect(second.errors.contains("was not begun: replaced by run "), "\(second.errors)")
            }
            #expect(first.code == 1, "\(first.errors)")
            #expect(first.errors.contains("cancelled"), "\(first.errors)")
            #expect(try await states(place).sorted() == ["abandoned", "cancelled", "cancelled"])
            #expect(server.starts == ["long", "clean", "long", "clean"])
        }
    }

    @Test func `a run that waits can be cancelled, and one whose process died is begun by resume`() async throws {
        try await Workplace.with("workflows: { long: { duration: 1h }, clean: { duration: 50ms } }") { place, server in
            try place.write("execute(param('w'))", to: "night.lua")
            let run = ["run", "night.lua", "--lock", "L", "--param"]
            let first = try await BatonProcess.run(run + ["w=long"], in: place.url, whenErrorsSay: "accepted as job") {
                _, _ in
                let live = try await id(place)
                let wait = run + ["w=clean", "--overlap", "wait"]
                let cancelled = try await BatonProcess.run(wait, in: place.url, whenErrorsSay: "waits for run") {
                    _, _ in
                    let waiting = try await id(place)
                    let cancel = try await place.baton("cancel", waiting)
                    #expect(cancel.output == "Run \(waiting) is given up: it had not begun.\n", "\(cancel)")
                }
                #expect(
                    cancelled.code == 1 && cancelled.errors.contains("cancelled it while it waited"), "\(cancelled)")
                let killed = try await BatonProcess.run(wait, in: place.url, whenErrorsSay: "waits for run") {
                    _, send in try send(.kill)
                }
                #expect(killed.code == 256 + SIGKILL, "\(killed)")
                let now = try await states(place)
                #expect(now == ["running", "abandoned", "interrupted"])
                let dead = try await id(place)
                let shown = try await place.baton("show", dead)
                #expect(shown.code == 0 && shown.output.contains("baton resume \(dead)"), "\(shown)")
                let early = try await place.baton("resume", dead)
                #expect(early.code == 6, "\(early)")
                #expect(
                    early.errors.contains("run \(live) is in progress: run \(dead) can go on when it has ended"),
                    "\(early)")
                let left = try await BatonProcess.run(wait, in: place.url, whenErrorsSay: "waits for run") {
                    _, send in try send(.interrupt)
                }
                #expect(left.code == 130 && left.errors.contains("baton resume "), "\(left)")
                let cancel = try await place.baton("cancel", live)
                #expect(cancel.code == 0, "\(cancel)")
            }
            #expect(first.code == 1, "\(first.errors)")
            #expect(server.starts == ["long"])
            // The one that was killed goes on unasked; the one that a person stopped does not.
            let all = try await place.baton("resume", "--all")
            #expect(all.code == 0, "\(all.errors)")
            #expect(try await states(place) == ["cancelled", "abandoned", "succeeded", "interrupted"])
            #expect(server.starts == ["long", "clean"])
        }
    }

    @Test func `the first that waits resumes a run that died, and then begins its own`() async throws {
        try await Workplace.with("workflows: { long: { duration: 5s }, clean: { duration: 50ms } }") { place, server in
            try place.write(Self.script, to: "night.lua")
            var waiting: BatonProcess.Finished?
            let first = try await BatonProcess.run(
                ["run", "night.lua"], in: place.url,
                meanwhile: { process in
                    while server.starts.isEmpty { try await Task.sleep(for: .milliseconds(20)) }
                    waiting = try await BatonProcess.run(
                        ["run", "night.lua", "--overlap", "wait"], in: place.url, whenErrorsSay: "waits for run"
                    ) { _, _ in kill(process.id, SIGKILL) }
                })
            #expect(first.code == 256 + SIGKILL, "\(first)")
            let errors = waiting?.errors ?? ""
            #expect(
                waiting?.code == 0 && errors.contains("which was interrupted, goes on first; then run "), "\(errors)")
            #expect(try await states(place) == ["succeeded", "succeeded"])
            #expect(server.starts == ["long", "clean", "long", "clean"])
        }
    }
}
