import Foundation
import JSON
import StudioServer
import Subprocess
import Testing

/// `baton retry --from`, `--param` and `--dry-run`, by the real process.
@Suite(.timeLimit(.minutes(4))) struct RedoTests {
    private static let script = """
        execute "extract"
        execute { "load", params = { day = param("day", "today") } }
        parallel { "match", "profile" }
        execute "publish"
        """

    @Test func `a step of a run that succeeded is done again, as was foreseen`() async throws {
        try await Workplace.with("others: { duration: 10ms }") { place, server in
            try place.write(Self.script, to: "night.lua")
            #expect(try await place.baton("run", "night.lua").code == 0)
            let dry = try await place.baton("retry", "--from", "load", "--dry-run")
            #expect(dry.code == 0, "\(dry.errors)")
            #expect(dry.output.contains("load (night.lua:2), at once, with day=today"), "\(dry.output)")
            #expect(dry.output.contains("Kept:\n  extract (night.lua:1)"), "\(dry.output)")
            #expect(server.starts.count == 5, "nothing was started")
            let json = try await place.baton("retry", "--from", "2", "--dry-run", "--json")
            let starts = try JSON(parsing: Array(json.output.utf8))["starts"]?.elements?.compactMap {
                $0["label"]?.text
            }
            #expect(starts == ["load", "match", "profile", "publish"], "\(json.output)")
            let retry = try await place.baton("retry", "--from", "load")
            #expect(retry.code == 0, "\(retry.errors)")
            #expect(server.starts.dropFirst(5).sorted() == ["load", "match", "profile", "publish"])
            #expect(try await place.runs().map { $0["state"]?.text } == ["succeeded"])
        }
    }

    @Test func `another value of a parameter is what later steps get`() async throws {
        try await Workplace.with("others: { duration: 10ms }") { place, server in
            try place.write(Self.script, to: "night.lua")
            #expect(try await place.baton("run", "night.lua").code == 0)
            let dry = try await place.baton("retry", "--from", "load", "--param", "day=monday", "--dry-run")
            #expect(dry.output.contains("with day=monday"), "\(dry.output)\(dry.errors)")
            let retry = try await place.baton("retry", "--from", "load", "--param", "day=monday")
            #expect(retry.code == 0, "\(retry.errors)")
            let again = try await place.baton("retry", "--from", "load", "--dry-run")
            #expect(again.output.contains("with day=monday"), "it is kept: \(again.output)")
            let unknown = try await place.baton("retry", "--from", "load", "--param", "dya=monday")
            #expect(unknown.code == 64 && unknown.errors.contains("dya"), "\(unknown.errors)")
        }
    }

    @Test func `a retry announces nothing while another run of the script is in progress`() async throws {
        try await Workplace.with("workflows: { bad: { failures: 1 }, slow: { duration: 1h } }") { place, server in
            try place.configure(server, key: "simulated-key")
            try place.write("if param('slow', 'no') == 'yes' then execute 'slow' end execute 'bad'", to: "night.lua")
            #expect(try await place.baton("run", "night.lua", "--lock", "night").code == 1)
            let failed = try #require(try await place.runs().first?["run"]?.text)
            _ = try await BatonProcess.run(
                ["run", "night.lua", "--lock", "night", "--param", "slow=yes"], in: place.url, whenErrorsSay: "accepted"
            ) { _, send in
                let retry = try await place.baton("retry", failed)
                #expect(
                    retry.code == 6 && retry.errors.contains("run \(failed) can go on when it has ended"), "\(retry)")
                #expect(!retry.errors.contains("starts again"), "\(retry)")
                try send(.kill)
            }
            #expect(server.starts == ["bad", "slow"])
        }
    }

    @Test func `what cannot be done again is refused with what can`() async throws {
        try await Workplace.with("others: { duration: 10ms }") { place, server in
            try place.write(Self.script, to: "night.lua")
            #expect(try await place.baton("run", "night.lua").code == 0)
            let plain = try await place.baton("retry")
            #expect(plain.code == 64 && plain.errors.contains("--from STEP"), "\(plain.errors)")
            let unknown = try await place.baton("retry", "--from", "lod")
            #expect(unknown.code == 64 && unknown.errors.contains(#"did you mean "load"?"#), "\(unknown.errors)")
            // The next night has begun since.
            let first = try #require(try await place.runs().first?["run"]?.text)
            #expect(try await place.baton("run", "night.lua").code == 0)
            let older = try await place.baton("retry", first, "--from", "publish")
            #expect(
                older.code == 64 && older.errors.contains("later run of night.lua has begun")
                    && older.errors.contains("--yes"),
                "\(older.errors)")
            #expect(server.starts.count == 10)
            #expect(try await place.baton("retry", first, "--from", "publish", "--yes").code == 0)
            #expect(server.starts.count == 11)
        }
    }
}
