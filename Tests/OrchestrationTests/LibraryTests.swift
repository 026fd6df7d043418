import DataStudio
import LuaVM
import Orchestration
import Testing

/// What scripts know of the run, its parameters and secrets, and of files and JSON.
@Suite struct LibraryTests {
    private func output(
        _ script: String, _ begin: (inout RunBeginning) -> Void = { _ in }
    ) throws -> [String] {
        let run = try VirtualRun(script, begin: begin).run()
        #expect(run.end?.error == nil, "\(run.end?.error?.text ?? "")")
        return run.output
    }

    @Test func `parameters have the type of their default`() throws {
        let lines = try output(
            """
            print(param("region"), param("region", "north"), param("day", 1) + 1, param("full", false), param("x", 7))
            print(params.region, pcall(function() return params.regoin end))
            for name, value in pairs(params) do print(name, value) end
            """
        ) { $0.parameters = ["region": "EU", "day": "3", "full": "true"] }
        #expect(lines[0] == "EU\tEU\t4\ttrue\t7")
        #expect(lines[1].contains("params.regoin was not given: --param regoin=…"))
        #expect(lines[2...] == ["day\t3", "full\ttrue", "region\tEU"])
    }

    @Test(arguments: [
        (#"param "day""#, "param: day was not given: --param day=…"),
        (#"param("n", 1)"#, #"param: n is a number; got "many""#),
        (#"param("n", true)"#, #"param: n is true or false; got "many""#),
        (#"params.n = 1"#, "params cannot be changed"),
        (#"run.id = 1"#, "run cannot be changed"),
        (#"secret "othr""#, #"secret: "othr" is not among the configuration's secrets (did you mean "other"?)"#),
        (#"retry({ tims = 2 }, print)"#, #"retry: unknown option "tims""#),
        (#"retry({ times = 0 }, print)"#, "retry: times is a whole number from 1 on"),
        (#"retry({ on = "faild" }, print)"#, #"retry: on takes kinds of errors; got "faild""#),
        (#"retry({ delay = "soon" }, print)"#, "retry: delay: seconds takes seconds or a duration"),
        (#"retry(print)"#, "retry: a table of options was expected; got function"),
        (#"wait_until(3)"#, "wait_until: a function was expected; got number"),
        (#"deadline("6", print)"#, #"deadline: a time such as "06:00" or "2026-12-25 06:00" was expected; got 6"#),
        (#"deadline("24:00", print)"#, "deadline: a time such as"),
        (#"deadline("2026-02-30 06:00", print)"#, "deadline: there is no such day: 2026-02-30 06:00"),
        (#"deadline("2026-13-01 06:00", print)"#, "deadline: there is no such day"),
        (#"http.get("http://h", { headers = { A = "b\r\nC: d" } })"#, "the header A has a line break"),
        (#"http.get("http://h", { headers = { ["A b"] = "c" } })"#, #""A b" cannot be a header's name"#),
        (#"http.request { url = "http://h", method = "FOO BAR" }"#, "a method is a word such as PUT"),
        (#"defaults { tmeout = 3 }"#, #"defaults: unknown option "tmeout" (did you mean "timeout"?)"#),
        (#"defaults { name = "x" }"#, #"defaults: unknown option "name""#),
        (#"defaults { server = "x" }"#, #"defaults: the server "x" is not configured"#),
        (#"execute { "a", usual = 1 }"#, #"the option "usual" takes a number above 1, as 3; got 1"#),
        (#"execute { "a", retries = -1 }"#, #"the option "retries" takes a whole number from 0 to 1000; got -1"#),
        (#"file.stat "in/day.csv""#, "file.stat: a path from the root on was expected"),
        (#"file.stat "/in/*.csv""#, "file.stat: \"/in/*.csv\" holds a wildcard: file.list finds the files that match"),
        (#"file.list "*.csv""#, "file.list: a path from the root on was expected"),
        (#"file.list("/in/*", { limit = 0 })"#, #"the option "limit" takes a whole number from 1 to 10000"#),
        (#"file.list("/in/*", { limt = 5 })"#, #"unknown option "limt" (did you mean "limit"?)"#),
    ])
    func `a bad call says what is wrong and where`(script: String, message: String) throws {
        let run = try VirtualRun(script) {
            $0.parameters = ["n": "many"]
            $0.secrets = ["other"]
        }.run()
        let error = try #require(run.end?.error)
        #expect(error.message.contains(message), "\(error.message)")
        #expect(error.location == "test.lua:1")
        #expect(run.started.isEmpty)
    }

    @Test func `a script knows its run`() throws {
        let lines = try output(#"print(run.id, run.name, run.script, run.started, run.date, run.server)"#) {
            $0.run = "7f3k"
            $0.script = "nightly.lua"
            $0.server = "production"
        }
        #expect(lines == ["7f3k\tnightly\tnightly.lua\t1772337906\t2026-03-01\tproduction"])
    }

    @Test func `a script holds what stands for a secret, never the secret`() throws {
        let run = try VirtualRun(
            """
            execute { "a", params = { token = "Bearer " .. secret "servicenow" } }
            http.post("http://other/", { headers = { Authorization = secret "servicenow" } })
            print(pcall(http.get, "http://other/?token=" .. secret "servicenow"))
            """
        ) { $0.secrets = ["servicenow"] }
        try run.run()
        let mask = run.configuration.beginning.mask(of: "servicenow")
        #expect(mask.hasPrefix("***servicenow-") && mask.hasSuffix("***"))
        guard case .http(let call)? = run.effects.first else { throw LuaError("no request") }
        #expect(call.headers == ["Authorization": mask])
        #expect(run.output.first?.contains("a secret cannot stand in an address") == true)
        var other = run.configuration.beginning
        other.seed += 1
        #expect(other.mask(of: "servicenow") != mask)
        #expect(run.configuration.beginning.mask(of: "servicenov") != mask)
    }

    @Test func `a file is looked at once, and what it was is kept`() throws {
        let run = try VirtualRun(
            #"local f = file.stat "/data/in/day.csv" print(f.size, f.modified, file.stat "/data/in/none")"#)
        run.answers = [
            .file(FileStatus(size: 7, modified: Timestamp(milliseconds: 1_772_337_000_000))), .file(nil),
        ]
        try run.run()
        #expect(run.output == ["7\t1772337000\tnil"])
        #expect(run.effects == [.file(path: "/data/in/day.csv"), .file(path: "/data/in/none")])
        for record in run.records {
            #expect(
                try RecordBody(kind: record.body.kind, payload: record.body.payload) == record.body
                    || record.sequence == 1)
        }
    }

    @Test func `files that match are a list, and are kept`() throws {
        let run = try VirtualRun(
            """
            for _, f in ipairs(file.list "/data/in/*.csv") do print(f.path, f.name, f.size, f.modified) end
            local ok, e = pcall(file.list, "/data/in/*", { limit = 2 })
            print(ok, e.kind, e.message)
            """)
        let status = FileStatus(size: 7, modified: Timestamp(milliseconds: 1_772_337_000_000))
        run.answers = [
            .files([FoundFile(path: "/data/in/day.csv", status: status)]), .tooManyFiles(2, "/data/in/*"),
        ]
        try run.run()
        #expect(
            run.output == [
                "/data/in/day.csv\tday.csv\t7\t1772337000",
                "false\trejected\tfile.list: more than 2 files match /data/in/*: name fewer, or give another limit",
            ])
        #expect(
            run.effects == [
                .files(pattern: "/data/in/*.csv", limit: 1000), .files(pattern: "/data/in/*", limit: 2),
            ])
        for record in run.records {
            #expect(
                try RecordBody(kind: record.body.kind, payload: record.body.payload) == record.body
                    || record.sequence == 1)
        }
    }

    @Test func `json is there`() throws {
        #expect(
            try output(#"print(json.encode(json.decode('{"a":[1,2.5,null],"b":{}}', { null = true })))"#)
                == [#"{"a":[1,2.5,null],"b":{}}"#])
    }
}
