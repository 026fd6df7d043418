import BatonHost
import Foundation
import JSON
import Journal
import Orchestration
import StudioServer
import Subprocess
import Testing

/// A workflow that may have been started twice is told of later, too, and by whichever process ends the run.
@Suite(.timeLimit(.minutes(5))) struct DuplicateTests {
    private static let text = "http://studio lists job 4712 of a only now"

    private func with(
        _ scenario: String, _ body: (Workplace, Journal) async throws -> Void
    ) async throws {
        try await Workplace.with(scenario) { place, server in
            let folder = place.url.appendingPathComponent("journal").path
            try place.configure(server, key: "simulated-key", more: "    settle: 200ms\njournal: \(folder)\n")
            try await body(place, try Journal(JournalFolder(folder)))
        }
    }

    /// Keeps it as a live run does.
    private func suspect(_ journal: Journal) throws -> String {
        let id = try #require(try journal.runs().first).id
        var commit = Commit()
        commit.suspicions = [Self.text]
        try journal.commit(commit, of: id)
        return id
    }

    @Test func `it is shown with the run, and the run's key answers with 8`() async throws {
        try await with("others: { duration: 10ms }") { place, journal in
            try place.write(#"execute "a""#, to: "night.lua")
            #expect(try await place.baton("run", "night.lua", "--key", "k").code == 0)
            #expect(try await !place.baton("show").output.contains("duplicate"))
            let id = try suspect(journal)
            let shown = try await place.baton("show")
            #expect(shown.output.contains("Possible duplicate starts:\n  \(Self.text)"), "\(shown.output)")
            #expect(shown.output.contains("What to do: Check in Data Studio"), "\(shown.output)")
            let json = try JSON(parsing: Array(try await place.baton("show", "--json").output.utf8))
            #expect(json["suspicions"]?.elements == [.string(Self.text)])
            #expect(try await place.baton("show", "--html", "page.html").code == 0)
            let page = try place.read("page.html")
            #expect(page.contains("Possible duplicate starts</h2>") && page.contains("job 4712 of a only now"))
            let again = try await place.baton("run", "night.lua", "--key", "k")
            #expect(again.code == 8 && again.errors.contains("baton show \(id)"), "\(again.errors)")
        }
    }

    @Test(arguments: [false, true])
    func `a run that is resumed ends with it`(isCron: Bool) async throws {
        try await with("others: { duration: 1s }") { place, journal in
            try place.write(#"execute "a" print "done""#, to: "night.lua")
            _ = try await BatonProcess.run(["run", "night.lua"], in: place.url, whenErrorsSay: "accepted as job") {
                _, send in try send(.kill)
            }
            _ = try suspect(journal)
            let end = try await BatonProcess.run(["resume"] + (isCron ? ["--cron"] : []), in: place.url)
            #expect(end.code == 8 && end.output == "done\n", "\(end.errors)")
            #expect(end.errors.contains("STARTED TWICE"), "\(end.errors)")
            #expect(end.errors.contains("Possible duplicate starts:\n  \(Self.text)"), "\(end.errors)")
            #expect(try await place.runs().first?["state"] == "succeeded")
        }
    }

    @Test func `whoever retries the run has been told of it`() async throws {
        try await with("workflows: { a: { duration: 10ms, failures: 1 } }") { place, journal in
            try place.write(#"execute "a""#, to: "night.lua")
            #expect(try await place.baton("run", "night.lua").code == 1)
            _ = try suspect(journal)
            let retried = try await place.baton("retry")
            #expect(retried.code == 0 && !retried.errors.contains("TWICE"), "\(retried.errors)")
            #expect(try await place.baton("show").output.contains(Self.text))
        }
    }
}
