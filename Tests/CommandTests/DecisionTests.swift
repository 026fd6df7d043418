import DataStudio
import Foundation
import JSON
import SimulatedStudio
import StudioServer
import Subprocess
import Testing

/// What people decide about runs, rightly and wrongly.
@Suite(.timeLimit(.minutes(5))) struct DecisionTests {
    /// The second start of `twice` makes a job, and the answer is lost.
    private static let lost = """
        tells_whose: false
        others: { duration: 10ms }
        faults: [ { fault: lost, operation: executeWorkflow, label: twice, skip: 1, count: 1 } ]
        """
    private static let script =
        #"execute "other" execute "twice" local r = execute "twice" print(r.state) execute "next""#

    @Test func `a job is not adopted that cannot be the step's, and a word can be taken back`() async throws {
        try await Workplace.with(Self.lost) { place, server in
            try place.write(Self.script, to: "night.lua")
            let night = try await place.baton("run", "night.lua")
            #expect(night.code == 8, "\(night.errors)")
            #expect(night.errors.contains("it may be job 4713"))
            // Steps have the numbers of the script's order.
            let shown = try await place.baton("show")
            #expect(shown.output.contains("3  twice: "), "\(shown.output)")
            for (job, reason) in [
                ("9999", "knows no job 9999"), ("4711", "is one of the workflow other"),
                ("4712", "belongs to the step twice of run"),
            ] {
                let refused = try await place.baton("resolve", "night", "3", "--adopt", job)
                #expect(refused.code == 64 && refused.errors.contains(reason), "\(job): \(refused.errors)")
            }
            let held = try await place.baton("runs", "--state", "held")
            #expect(held.output.contains("twice is in doubt"), "\(held.output)")
            let said = try await place.baton("resolve", "night", "3", "--fail")
            #expect(said.code == 0, "\(said.errors)")
            let saidOtherwise = try await place.baton("resolve", "night", "3", "--adopt", "4713")
            #expect(saidOtherwise.code == 0, "\(saidOtherwise.errors)")
            let end = try await place.baton("resume", "night")
            #expect(end.code == 0 && end.output == "COMPLETED\n", "\(end.errors)")
            #expect(server.starts == ["other", "twice", "twice", "next"])
        }
    }

    @Test func `what is not decided is told by whoever goes on, and names the run that has to be decided`() async throws
    {
        try await Workplace.with(Self.lost) { place, server in
            try place.write(Self.script, to: "night.lua")
            try place.write(#"execute "twice""#, to: "day.lua")
            #expect(try await place.baton("run", "night.lua").code == 8)
            let doctor = try await place.baton("doctor")
            #expect(doctor.output.contains("1 not finished") && doctor.output.contains("night.lua: it is held"))
            let undecided = try await place.baton("resume", "night")
            #expect(undecided.code == 8)
            #expect(undecided.errors.contains("nobody has said yet what became of twice (step 3)"))
            #expect(undecided.errors.contains("baton resolve "))
            let retried = try await place.baton("retry", "night")
            #expect(retried.code == 64 && retried.errors.contains("it is held"), "\(retried.errors)")
            let night = try #require(try await place.runs().first?["run"]?.text)

            let day = try await place.baton("run", "day.lua")
            #expect(day.code == 8)
            #expect(
                day.errors.contains("baton show \(night)") && !day.errors.contains("baton resolve"), "\(day.errors)")
            let shown = try await place.baton("show", "day")
            #expect(shown.output.contains("twice waits for a decision about run \(night)"), "\(shown.output)")
            let waiting = try await place.baton("resolve", "day", "1", "--done")
            #expect(
                waiting.code == 64 && waiting.errors.contains("for a decision about run \(night)"), "\(waiting.errors)")
            let both = try await place.baton("resolve", "night", "3", "--done", "--fail")
            #expect(both.code == 64 && both.errors.contains("Only one of"), "\(both.errors)")
            #expect(try await place.baton("resolve", "night", "3", "--done").code == 0)
            // The one that waited goes on as well, and each line says of which run it is.
            let end = try await place.baton("resume", "--all")
            #expect(end.code == 0, "\(end.errors)")
            let day2 = try #require(try await place.runs().first { $0["script"]?.text == "day.lua" })
            #expect(day2["state"]?.text == "succeeded")
            #expect(end.errors.contains("  \(try #require(day2["run"]?.text))  twice: "), "\(end.errors)")
            let done = try await place.baton("show", "night")
            #expect(done.output.contains("(done by hand)"), "\(done.output)")
            // Who only looks needs no server.
            let more = place.url.appending(path: "more")
            try FileManager.default.createDirectory(at: more, withIntermediateDirectories: false)
            try place.write("servers: { other: { url: nonsense } }", to: "more/baton.yaml")
            let elsewhere = try await BatonProcess.run(["runs"], in: more)
            #expect(elsewhere.code == 0, "\(elsewhere.errors)")
        }
    }

    @Test func `a retry adopts only what can be the step's`() async throws {
        let scenario = """
            others: { duration: 10ms }
            workflows: { bad: { outcome: FAILED, duration: 10ms } }
            """
        try await Workplace.with(scenario) { place, server in
            try place.write(#"execute "good" execute "bad" execute "next""#, to: "night.lua")
            #expect(try await place.baton("run", "night.lua").code == 1)
            for (options, reason) in [
                (["--adopt", "bad=9999"], "knows no job 9999"),
                (["--adopt", "bad=4711"], "is one of the workflow good"),
                (["--adopt", "bad=4712", "--done", "bad"], "cannot be done and have a job as well"),
                (["--adopt", "bad=1", "--adopt", "bad=2"], "is given more than one job"),
                (["--done", "good"], "none of the steps that start again"),
            ] {
                let refused = try await BatonProcess.run(["retry", "night"] + options, in: place.url)
                #expect(refused.code == 64 && refused.errors.contains(reason), "\(options): \(refused.errors)")
            }
            let done = try await place.baton("retry", "night", "--done", "bad")
            #expect(done.code == 0, "\(done.errors)")
            #expect(server.starts == ["good", "bad", "next"])
        }
    }

    @Test func `a server that stays out of reach holds nothing`() async throws {
        let scenario = """
            others: { duration: 10ms }
            faults: [ { fault: 503, operation: listJobs, count: 30 } ]
            """
        try await Workplace.with(scenario) { place, server in
            try place.write(#"execute "a""#, to: "night.lua")
            let impatient = ["BATON_LIMITS_PATIENCE": "200ms"]
            var codes = [try await place.baton("run", "night.lua", environment: impatient).code]
            while codes.last == 5 {
                codes.append(try await place.baton("resume", "--all", environment: impatient).code)
            }
            // More often than a run may die in vain.
            #expect(codes.count > 4, "\(codes)")
            #expect(codes.last == 0)
            #expect(try await place.runs().first?["state"]?.text == "succeeded")
            #expect(server.starts == ["a"])
        }
    }

    @Test func `a run whose process dies three times in vain is held, which is told once`() async throws {
        try await Workplace.with("others: { duration: 1h }") { place, server in
            try place.write(#"execute "a""#, to: "night.lua")
            _ = try await BatonProcess.run(["run", "night.lua"], in: place.url, whenErrorsSay: "accepted as job") {
                _, send in try send(.kill)
            }
            for _ in 0..<3 {
                _ = try await BatonProcess.run(["resume", "--all"], in: place.url, whenErrorsSay: "is resumed after") {
                    _, send in try send(.kill)
                }
            }
            let told = try await place.baton("resume", "--all")
            #expect(told.code == 8 && told.errors.contains("died three times"), "\(told.errors)")
            let silent = try await place.baton("resume", "--all")
            #expect(silent.code == 0 && silent.errors.isEmpty, "\(silent.errors)")
            let shown = try await place.baton("show")
            #expect(shown.output.contains("held, its process died three times"), "\(shown.output)")
            let resumed = try await BatonProcess.run(["resume"], in: place.url, whenErrorsSay: "is resumed after") {
                _, send in try send(.interrupt)
            }
            #expect(resumed.code == 130, "\(resumed.errors)")
            #expect(server.starts == ["a"])
        }
    }

    @Test func `a script is mended, and the run goes on with what it has done`() async throws {
        try await Workplace.with("others: { duration: 10ms }") { place, server in
            try place.write(#"execute "a" parallel { "b", "c" } error "typo""#, to: "night.lua")
            let night = try await place.baton("run", "night.lua")
            #expect(night.code == 1 && night.errors.contains("--with-current-script"), "\(night.errors)")
            #expect(try await place.baton("retry").code == 64)
            try place.write(#"require "gone" execute "a""#, to: "night.lua")
            let lacking = try await place.baton("retry", "--with-current-script", "--yes")
            #expect(lacking.code == 64 && lacking.errors.contains("there is no module \"gone\""), "\(lacking.errors)")
            try place.write(#"execute "a" parallel { "b", "c" } print "mended" execute "d""#, to: "night.lua")
            let mended = try await place.baton("retry", "--with-current-script")
            #expect(mended.code == 0, "\(mended.errors)")
            #expect(server.starts.sorted() == ["a", "b", "c", "d"])
            #expect(try await place.baton("show").output.contains("succeeded"))
        }
    }

    @Test func `a secret in the parameters of a start that was lost is no reason to start it again`() async throws {
        try await Workplace.with(
            """
            workflows: { a: { duration: 1h } }
            faults: [{ fault: delay, time: 1h, operation: executeWorkflow, count: 1 }]
            """
        ) { place, server in
            let settings = try place.read("baton.yaml")
            try place.write(settings + "\nsecrets: { token: { command: 'echo secret-0001' } }\n", to: "baton.yaml")
            try place.write("execute { 'a', params = { t = secret 'token' } }", to: "first.lua")
            try place.write("execute 'a'", to: "second.lua")
            _ = try await BatonProcess.run(["run", "first.lua"], in: place.url, whenErrorsSay: "a: starting") {
                _, send in
                while server.starts.isEmpty { try await Task.sleep(for: .milliseconds(10)) }
                try send(.kill)
            }
            // Another run looks for the start; what it sees of the job's parameter is not what it was sent as.
            let second = try await place.baton("run", "second.lua")
            #expect(second.code == 8, "\(second.errors)")
            #expect(try await place.baton("resume", "first.lua").code == 8)
            #expect(server.starts == ["a"])
        }
    }

    @Test func `a run is gone through in the zone it began in, wherever somebody looks`() async throws {
        try await Workplace.with("workflows: { a: { failures: 1 } }") { place, server in
            try place.write("execute { 'a', params = { at = os.date('%d %H') } }", to: "night.lua")
            let zones = ["TZ": "Pacific/Kiritimati"], other = ["TZ": "Pacific/Pago_Pago"]
            #expect(try await place.baton("run", "night.lua", environment: zones).code == 1)
            #expect(try await place.baton("show", environment: other).code == 0)
            #expect(try await place.baton("show", "--html", "page.html", environment: other).code == 0)
            let morning = try await place.baton("retry", environment: other)
            #expect(morning.code == 0, "\(morning.errors)")
            #expect(server.starts == ["a", "a"])
            let parameters = server.jobs().map { $0.details["parameters"]?["at"]?.text }
            #expect(parameters[0] == parameters[1])
        }
    }

    @Test func `runs of two zones that one process resumes each tell the time in their own`() async throws {
        let scenario = "workflows: { slow: { duration: 1500ms } }\nothers: { duration: 10ms }"
        try await Workplace.with(scenario) { place, server in
            let zones = ["east": "Pacific/Kiritimati", "west": "Pacific/Pago_Pago"]
            for (name, zone) in zones {
                // What is asked for after the resume: the run began with the steps before.
                try place.write(
                    "execute 'slow' execute { '\(name)', params = { at = os.date('%d %H', 1767225600) } }",
                    to: "\(name).lua")
                _ = try await BatonProcess.run(
                    ["run", "\(name).lua"], environment: ["TZ": zone], in: place.url, whenErrorsSay: "accepted"
                ) { _, send in
                    try send(.kill)
                }
            }
            let resumed = try await place.baton("resume", "--all", environment: ["TZ": "Europe/London"])
            #expect(resumed.code == 0, "\(resumed.errors)")
            let told = server.jobs().compactMap { $0.details["parameters"]?["at"]?.text }
            #expect(told.sorted() == ["01 14", "31 13"])
        }
    }

    @Test func `a run that goes on by other zone data is told of it`() async throws {
        try await Workplace.with("workflows: { a: { failures: 1 } }") { place, _ in
            let zones = place.url.appending(path: "zones")
            try FileManager.default.createDirectory(
                at: zones.appending(path: "Europe"), withIntermediateDirectories: true)
            try FileManager.default.copyItem(
                atPath: "/usr/share/zoneinfo/Europe/London", toPath: zones.path + "/Europe/London")
            let environment = ["TZ": "Europe/London", "TZDIR": zones.path]
            try place.write("execute 'a'", to: "night.lua")
            try place.write("# version 2001a\n", to: "zones/tzdata.zi")
            #expect(try await place.baton("run", "night.lua", environment: environment).code == 1)
            let same = try await place.baton("replay", "night.lua", "night.lua", environment: environment)
            #expect(same.code == 0 && same.errors.isEmpty, "\(same.errors)")
            try place.write("# version 2001b\n", to: "zones/tzdata.zi")
            let words = "the run began by the time zone database 2001a, and this machine has 2001b"
            let replayed = try await place.baton("replay", "night.lua", "night.lua", environment: environment)
            #expect(replayed.code == 0 && replayed.errors.contains(words), "\(replayed.errors)")
            let retried = try await place.baton("retry", environment: environment)
            #expect(retried.code == 0 && retried.errors.contains(words), "\(retried.errors)")
        }
    }

    @Test func `a TZ that is no zone starts nothing`() async throws {
        try await Workplace.with("workflows: { a: {} }") { place, server in
            try place.write("execute 'a'", to: "night.lua")
            for zone in ["Europe/Lundon", "CET-1CEST"] {
                let refused = try await place.baton("run", "night.lua", environment: ["TZ": zone])
                #expect(refused.code == 64 && refused.errors.contains("\"\(zone)\""), "\(refused.errors)")
            }
            #expect(server.starts.isEmpty)
            let rule = ["TZ": "CET-1CEST,M3.5.0,M10.5.0/3"]
            #expect(try await place.baton("run", "night.lua", environment: rule).code == 0)
        }
    }

    @Test func `a run that is given up is told of, at night too`() async throws {
        try await Workplace.with("workflows: { slow: { duration: 1h }, a: {} }") { place, _ in
            try place.write("execute 'slow'", to: "night.lua")
            _ = try await BatonProcess.run(["run", "night.lua"], in: place.url, whenErrorsSay: "accepted") { _, send in
                try send(.kill)
            }
            try place.write("execute 'a'", to: "night.lua")
            let next = try await place.baton("run", "--cron", "--interrupted", "abandon", "night.lua")
            #expect(next.code == 0)
            #expect(next.errors.contains("which was interrupted, is given up; it leaves slow ("), "\(next.errors)")
        }
    }

    @Test func `a mended script may name a secret that the run did not begin with`() async throws {
        try await Workplace.with("workflows: { a: { failures: 1 }, b: {} }") { place, server in
            let settings = try place.read("baton.yaml")
            try place.write(settings + "\nsecrets: { token: { command: 'echo secret-0001' } }\n", to: "baton.yaml")
            try place.write("execute 'a'", to: "night.lua")
            #expect(try await place.baton("run", "--param", "day=1", "night.lua").code == 64, "nobody reads it")
            try place.write("param('day', 1) execute 'a'", to: "night.lua")
            #expect(try await place.baton("run", "--param", "day=1", "night.lua").code == 1)
            try place.write("execute 'a' execute { 'b', params = { t = secret 'token' } }", to: "night.lua")
            let mended = try await place.baton("retry", "night.lua", "--with-current-script")
            #expect(mended.code == 0, "\(mended.errors)")
            #expect(server.starts == ["a", "a", "b"])
            #expect(server.jobs().last?.details.jsonText.contains("secret-0001") == true)
        }
    }

    @Test func `a mended script that asks for nothing more ends the run`() async throws {
        try await Workplace.with("others: { duration: 10ms }") { place, server in
            try place.write(#"execute "a" error "typo""#, to: "night.lua")
            #expect(try await place.baton("run", "night.lua").code == 1)
            try place.write(#"execute "a" print "mended""#, to: "night.lua")
            let mended = try await place.baton("retry", "--with-current-script")
            #expect(mended.code == 0, "\(mended.errors)")
            #expect(server.starts == ["a"])
        }
    }

    @Test func `what a changed script does not ask for counts no more, and its job is not run beside`() async throws {
        try await Workplace.with("workflows: { slow: { duration: 1500ms } }\nothers: { duration: 10ms }") {
            place, server in
            try place.write(#"execute "a" execute "slow""#, to: "night.lua")
            _ = try await BatonProcess.run(["run", "night.lua"], in: place.url, whenErrorsSay: "slow: accepted as job")
            {
                _, send in try send(.terminate)
            }
            try place.write(#"execute "a" execute { "slow", params = { day = "1" } }"#, to: "night.lua")
            let refused = try await place.baton("resume", "--with-current-script")
            #expect(refused.code == 64 && refused.errors.contains("say --yes"), "\(refused.errors)")
            #expect(refused.errors.contains("slow (night.lua:1): counts no more; its job 4712 runs on"))
            #expect(server.starts == ["a", "slow"])
            let resumed = try await place.baton("resume", "--with-current-script", "--yes")
            #expect(resumed.code == 0, "\(resumed.errors)")
            #expect(server.starts == ["a", "slow", "slow"])
            let jobs = server.jobs().filter { $0.label == "slow" }.sorted { $0.id.text < $1.id.text }
            let (first, second) = (try #require(jobs.first), try #require(jobs.last))
            #expect(try #require(first.finished) <= #require(second.created))
        }
    }

    @Test(arguments: [true, false])
    func `nothing starts beside a job that may be a step's, also when nobody goes on with that`(restarts: Bool)
        async throws
    {
        let lost = """
            tells_whose: false
            # Longer than it takes to decide about the first one, also where the machine is busy.
            others: { duration: 40s }
            faults: [ { fault: lost, operation: executeWorkflow, count: 1 } ]
            """
        try await Workplace.with(lost) { place, server in
            try place.write(#"execute "a""#, to: "night.lua")
            #expect(try await place.baton("run", "night.lua").code == 8)
            let said =
                restarts
                ? try await place.baton("resolve", "night", "1", "--restart")
                : try await place.baton("abandon", "night")
            #expect(said.code == 0 && said.output.contains("4711"), "\(said.output)")
            let end = try await BatonProcess.run(
                restarts ? ["resume", "night"] : ["run", "night.lua"], in: place.url,
                whenErrorsSay: "accepted as job 4712"
            ) { _, send in try send(.terminate) }
            #expect(end.code == 143 && end.errors.contains("waits for job 4711, which run"), "\(end.errors)")
            let jobs = server.jobs().sorted { $0.id.text < $1.id.text }
            #expect(jobs.count == 2)
            #expect(try #require(jobs[0].finished) <= #require(jobs[1].created))
        }
    }

    @Test func `a job that was waited for is not waited for again`() async throws {
        try await Workplace.with("workflows: { slow: { duration: 1s } }\nothers: { duration: 10ms }") { place, server in
            try place.write(#"execute "slow""#, to: "night.lua")
            _ = try await BatonProcess.run(["run", "night.lua"], in: place.url, whenErrorsSay: "accepted as job") {
                _, send in try send(.terminate)
            }
            try place.write(#"execute "a" execute "slow""#, to: "night.lua")
            let end = try await place.baton("resume", "--with-current-script", "--yes")
            #expect(end.code == 0, "\(end.errors)")
            let shown = try await place.baton("show")
            #expect(!shown.output.contains("Still running"), "\(shown.output)")
            let next = try await place.baton("run", "night.lua")
            #expect(next.code == 0 && !next.errors.contains("waits for"), "\(next.errors)")
        }
    }

    @Test func `runs of one line are gone on with one after the other`() async throws {
        try await Workplace.with(Self.lost) { place, server in
            try place.write(#"execute "twice" execute "twice""#, to: "night.lua")
            #expect(try await place.baton("run", "night.lua").code == 8)
            // The next night begins, and waits for a decision about the first.
            #expect(try await place.baton("run", "night.lua").code == 8)
            let runs = try await place.runs()
            #expect(runs.map { $0["state"]?.text } == ["held", "held"])
            let (second, first) = (try #require(runs[0]["run"]?.text), try #require(runs[1]["run"]?.text))
            let waiting = try await BatonProcess.run(["show", second, "--json"], in: place.url)
            #expect(waiting.output.contains(#""waits_for":["\#(first)"]"#), "\(waiting.output)")
            #expect(waiting.output.contains(#""state":"not started""#), "\(waiting.output)")
            let advice = try await place.baton("show", second)
            #expect(
                advice.output.contains("decide about the other run first")
                    && advice.output.contains("\n  baton show \(first)\n"), "\(advice.output)")
            #expect(try await place.baton("resolve", first, "2", "--done").code == 0)
            let end = try await place.baton("resume", "--all")
            #expect(end.code == 0, "\(end.errors)")
            #expect(try await place.runs().map { $0["state"]?.text } == ["succeeded", "succeeded"])
        }
    }

    @Test func `a journal whose database is gone is not replaced, and who looks makes none`() async throws {
        try await Workplace.with("others: { duration: 10ms }") { place, server in
            let journal = place.url.appendingPathComponent("journal").path
            try place.configure(server, key: "simulated-key", more: "journal: \(journal)\n")
            let nothing = try await place.baton("runs")
            #expect(nothing.code == 0 && nothing.output.hasPrefix("No runs in the journal \(journal).\n"), "\(nothing)")
            #expect(nothing.output.contains("as the user who runs the script"))
            #expect(try await place.baton("resume", "--all").code == 0)
            #expect(try await place.baton("show").errors.contains("There is no run yet in the journal /"))
            #expect(!FileManager.default.fileExists(atPath: journal))
            try place.write(#"execute "a""#, to: "night.lua")
            #expect(try await place.baton("run", "night.lua").code == 0)
            for end in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: journal + "/baton.sqlite" + end) }
            try Data().write(to: URL(fileURLWithPath: journal + "/baton.sqlite"))
            #expect(try await place.baton("run", "night.lua").code == 9, "an empty file is no journal either")
            try FileManager.default.removeItem(atPath: journal + "/baton.sqlite")
            let gone = try await place.baton("run", "night.lua")
            #expect(gone.code == 9 && gone.errors.contains("is gone"), "\(gone.errors)")
            let doctor = try await place.baton("doctor")
            #expect(doctor.code == 1 && doctor.output.contains("is gone"), "\(doctor.output)")
            #expect(server.starts == ["a"])
        }
    }

    @Test func `options that say nothing are refused`() async throws {
        let place = try Workplace()
        try place.write("", to: "night.lua")
        for options in [["--key", ""], ["--lock", ""]] {
            let end = try await BatonProcess.run(["run", "--simulate", "night.lua"] + options, in: place.url)
            #expect(end.code == 64 && end.errors.contains("got none"), "\(end.errors)")
        }
    }
}
