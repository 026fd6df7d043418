import Foundation
import JSON
import StudioServer
import Subprocess
import Testing

/// `baton approve`, of the built program.
@Suite(.timeLimit(.minutes(3))) struct ApproveTests {
    private static let script = #"""
        print(pcall(function() local d = approve("release", { timeout = "1h" }) return d.by ~= "", d.reason end))
        execute "a"
        """#

    /// A workplace with a run of the script that waits; what is done meanwhile.
    private func waiting(
        _ script: String = Self.script, more: String = "",
        _ body: @escaping @Sendable (Workplace, String) async throws -> Void
    ) async throws -> BatonProcess.Finished? {
        var finished: BatonProcess.Finished?
        try await Workplace.with("others: { duration: 50ms }") { place, server in
            try place.configure(server, key: "simulated-key", more: more)
            try place.write(script, to: "night.lua")
            finished = try await BatonProcess.run(
                ["run", "night.lua"], in: place.url, whenErrorsSay: "waits for approval"
            ) {
                _, _ in
                try await body(place, try #require(try await place.runs().first?["run"]?.text))
            }
        }
        return finished
    }

    @Test func `a live run takes the decision, and shows what it waits for`() async throws {
        let run = try await waiting { place, id in
            let shown = try await place.baton("show", id)
            #expect(
                shown.output.contains(/release +waiting .*\(for approval\)/)
                    && shown.output.contains("  baton approve \(id)\n"), "\(shown.output)")
            #expect(try await place.baton("runs").output.contains("waits for approval"))
            let approved = try await place.baton("approve", id, "--reason", "fine")
            #expect(approved.code == 0 && approved.output.contains(/release is approved by \w+: fine\./), "\(approved)")
            let again = try await place.baton("approve", id)
            #expect(again.code == 0 && again.output.contains("already"), "\(again)")
            let contrary = try await place.baton("approve", id, "--reject")
            #expect(contrary.code == 1 && contrary.errors.contains("cannot be changed"), "\(contrary)")
        }
        #expect(run?.code == 0 && run?.output == "true\ttrue\tfine\n", "\(String(describing: run))")
    }

    @Test(arguments: [true, false]) func `a run whose process died comes to it when it is resumed`(isApproved: Bool)
        async throws
    {
        try await Workplace.with("others: { duration: 50ms }") { place, server in
            try place.configure(server, key: "simulated-key")
            try place.write(#"execute "z" approve("release", { timeout = "1h" }) execute "a""#, to: "night.lua")
            _ = try await BatonProcess.run(["run", "night.lua"], in: place.url, whenErrorsSay: "waits for approval") {
                _, send in
                // Until the journal has it.
                while try await !place.baton("show").output.contains("waiting") {
                    try await Task.sleep(for: .milliseconds(200))
                }
                try send(.kill)
            }
            let id = try #require(try await place.runs().first?["run"]?.text)
            let decided = try await BatonProcess.run(
                ["approve", id, "release"] + (isApproved ? [] : ["--reject"]), in: place.url)
            #expect(decided.code == 0 && decided.output.contains("baton resume \(id)"), "\(decided)")
            let contrary = try await BatonProcess.run(
                ["approve", id] + (isApproved ? ["--reject"] : []), in: place.url)
            #expect(contrary.code == 1, "\(contrary)")
            let resumed = try await place.baton("resume", id)
            #expect(resumed.code == (isApproved ? 0 : 1), "\(resumed)")
            #expect(isApproved || resumed.errors.contains("To ask for the decision again"), "\(resumed)")
            #expect(server.starts == (isApproved ? ["z", "a"] : ["z"]))
            let shown = try await place.baton("show", id).output
            #expect(shown.split(separator: "\nSaid:").last?.firstRange(of: "ed by") != nil, "\(shown)")
            #expect(shown.components(separatedBy: "release: rejected by").count == (isApproved ? 1 : 3), "\(shown)")
            #expect(!shown.contains("(for approval)"))
        }
    }

    @Test func `who may not decide, and what waits for nobody, is refused`() async throws {
        let script = #"""
            parallel {
              function() approve("one", { by = "nobody" }) end,
              function() print(pcall(approve, "two", { by = "unknown" })) end,
              function() approve("three", { by = "us", timeout = "1h" }) end,
            }
            """#
        let user = NSUserName()
        let more =
            "approvers:\n  nobody: { users: [somebody-else] }\n  us: { groups: [no-such-group], users: [\(user)] }\n"
        let run = try await waiting(script, more: more) { place, id in
            let several = try await place.baton("approve", id)
            #expect(several.code == 64 && several.errors.contains("baton approve \(id) 3   # three"), "\(several)")
            let forbidden = try await place.baton("approve", id, "one")
            #expect(forbidden.code == 1 && forbidden.errors.contains("nobody are somebody-else"), "\(forbidden)")
            let unknown = try await place.baton("approve", id, "four")
            #expect(unknown.code == 64 && unknown.errors.contains("waits for no decision about four"), "\(unknown)")
            #expect(unknown.errors.contains("What it waits for:\n\n  baton approve"), "\(unknown)")
            #expect(try await place.baton("approve", id, "three").code == 0)
            #expect(try await place.baton("cancel", id).code == 0)
        }
        #expect(run?.code == 1, "\(String(describing: run))")
        #expect(run?.output.contains("approvers.unknown") == true, "\(String(describing: run))")
    }
}
