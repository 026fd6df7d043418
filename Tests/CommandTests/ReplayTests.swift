import Foundation
import JSON
import StudioServer
import Testing

/// `baton replay`: an edited script against a run that was.
@Suite struct ReplayTests {
    private static let script = """
        execute { "load", timeout = "2h" }
        parallel { "match", "orders" }
        sleep "20ms"
        if state "publish" ~= "RUNNING" then execute { "publish", params = { n = 1 } } end
        print "done"
        """

    @Test func `the same, or the first place where it departs`() async throws {
        try await Workplace.with(
            "{ operations: [cancelJob], workflows: { load: {duration: 50ms}, match: {duration: 50ms}, orders: {duration: 60ms}, publish: {duration: 50ms} } }"
        ) {
            place, server in
            try place.write(Self.script, to: "n.lua")
            #expect(try await place.baton("run", "n.lua").code == 0)
            let asked = server.log.count
            let same = try await place.baton("replay", "n.lua", "n.lua")
            #expect(same.code == 0)
            #expect(same.output.contains("The same as run"))
            for (edit, with, words) in [
                (
                    "\"orders\"", "\"invoices\"",
                    "the run asks for the start of \"orders\", and the script for the start of \"invoices\""
                ),
                (
                    "\"match\", \"orders\"", "\"match\"",
                    "the run asks for the start of \"orders\", and the script does not"
                ),
                (
                    "\"match\", \"orders\"", "\"match\", \"orders\", \"more\"",
                    "the script asks for the start of \"more\", and the run did not"
                ),
                (
                    "timeout = \"2h\"", "timeout = \"1h\"",
                    "the run asks for a wait of 2h 0m, and the script for a wait of 1h 0m"
                ),
                ("sleep \"20ms\"", "sleep \"30ms\"", "a wait of 20 ms, and the script for a wait of 30 ms"),
                ("sleep \"20ms\"\n", "", "the script does not"),
                ("n = 1", "n = 2", "\"publish\" with"),
                ("print \"done\"", "execute \"load\"", "the script asks for the start of \"load\""),
                ("print \"done\"", "fail \"no\"", "the script ends with an error, no"),
                ("state \"publish\"", "state \"load\"", "the script"),
            ] {
                try place.write(Self.script.replacing(edit, with: with), to: "edited.lua")
                let replay = try await place.baton("replay", "n.lua", "edited.lua")
                #expect(replay.code == 1, "\(with)")
                let output = replay.output.replacing(/\n  (?! )(?=\S)/, with: " ").replacing(/\s+/, with: " ")
                #expect(output.contains(words), "\(replay.output)")
                #expect(
                    output.contains("edited.lua:") || with.contains("fail") || with.contains("state"),
                    "\(replay.output)")
            }
            // What is printed, and how it is written, is no departure.
            try place.write(Self.script.replacing("\"done\"", with: "'finished'") + "\n-- more", to: "edited.lua")
            let printed = try await place.baton("replay", "n.lua", "edited.lua")
            #expect(printed.code == 0)
            #expect(
                printed.output.contains("It prints something else: line 1\n  run     done\n  script  finished"),
                "\(printed.output)")
            let json = try JSON(
                parsing: Array(try await place.baton("replay", "--json", "n.lua", "edited.lua").output.utf8))
            #expect(json["same"] == true && json["prints_the_same"] == false)
            #expect(server.log.count == asked)
            try place.write("execute { 'load', timeot = 1 }", to: "wrong.lua")
            #expect(try await place.baton("replay", "n.lua", "wrong.lua").code == 64)
            #expect(try await place.baton("replay", "none", "n.lua").code == 64)
            #expect(try await place.runs().count == 1)
        }
    }
}
