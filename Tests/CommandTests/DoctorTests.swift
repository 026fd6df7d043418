import DataStudio
import Foundation
import SimulatedStudio
import StudioServer
import Testing

/// `baton doctor` as a process, against servers that speak in many ways.
@Suite(.timeLimit(.minutes(5))) struct DoctorTests {
    static let variants = BatonProcess.root.appendingPathComponent("Tests/Variants")

    /// A server that speaks as the files in a folder of `Tests/Variants` say, and a workplace that is configured for it.
    private func withVariant<R>(
        _ name: String, _ body: (StudioServer, Workplace) async throws -> R
    ) async throws -> R {
        let folder = Self.variants.appendingPathComponent(name)
        func text(_ file: String) throws -> String {
            try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
        }
        let scenario = try Scenario(yaml: text("scenario.yaml"))
        let document = PublishedDocument(path: scenario.openAPIPath, text: try text(try #require(scenario.openAPI)))
        return try await StudioServer.withServer(
            scenario: scenario, description: try APIDescription(yaml: text("api.yaml")), document: document
        ) { server in
            let place = try Workplace()
            try place.configure(server, key: scenario.key)
            return try await body(server, place)
        }
    }

    @Test(arguments: [
        "spring-executions", "swashbuckle-pascal", "fastapi-snake", "handwritten-nested", "jaxrs-bare-arrays",
        "swagger2-singular", "nswag-envelope", "quarkus-subresource",
    ])
    func `the plan runs on any server by what doctor wrote, without a line by hand`(name: String) async throws {
        try await withVariant(name) { server, place in
            let doctor = try await place.baton("doctor", "--write", "studio-api.yaml")
            #expect(doctor.code == 0, "\(doctor.output)")
            #expect(server.log.allSatisfy { $0.method == "GET" }, "nothing that changes anything")
            let before = server.jobs().count
            try place.write(try place.read("baton.yaml") + "    api: studio-api.yaml\n", to: "baton.yaml")
            let run = try await place.baton("phases", "wf1", "wf2,wf3,wf4", "wf5,wf6", "wf7")
            #expect(run.code == 0, "\(run.errors)")
            let jobs = server.jobs().dropFirst(before)
            #expect(jobs.compactMap(\.label).sorted() == (1...7).map { "wf\($0)" })
            #expect(jobs.allSatisfy { $0.state == .completed })
            // With jobs to look at, the description is tried on them too.
            let again = try await place.baton("doctor")
            #expect(again.code == 0, "\(again.output)")
            if APIDescription.lists(try place.read("studio-api.yaml")) {
                #expect(again.output.contains("✓ getJob"), "\(again.output)")
            }
        }
    }

    @Test func `of operations that are equally good one has to be picked`() async throws {
        try await withVariant("ambiguous") { server, place in
            let asked = try await place.baton("doctor", "--write", "studio-api.yaml")
            #expect(asked.code == 1)
            #expect(asked.output.squeezed.contains("2 operations of the server are equally good"))
            #expect(asked.output.contains("--pick 'executeWorkflow=POST /v2/workflows/execute'"))
            #expect(asked.output.squeezed.contains("studio-api.yaml is not written: there is a choice to make first"))
            #expect(!FileManager.default.fileExists(atPath: place.url.appendingPathComponent("studio-api.yaml").path))
            let picked = try await place.baton(
                "doctor", "--write", "studio-api.yaml", "--pick", "executeWorkflow=POST /v2/workflows/execute")
            #expect(picked.code == 0, "\(picked.output)")
            #expect(try place.read("studio-api.yaml").contains("path: /v2/workflows/execute"))
            let wrong = try await place.baton("doctor", "--pick", "executeWorkflow")
            #expect(wrong.code == 64)
        }
    }

    @Test func `a document that is too strange ends with a list of what is missing and blanks in the file`()
        async throws
    {
        let text = try String(
            contentsOf: Self.variants.appendingPathComponent("hopeless-empty/openapi.json"), encoding: .utf8)
        let document = PublishedDocument(path: "/openapi.json", text: text)
        try await StudioServer.withServer(scenario: .anything, document: document) { server in
            let place = try Workplace()
            try place.configure(server, key: "simulated-key")
            let doctor = try await place.baton("doctor", "--write", "studio-api.yaml")
            #expect(doctor.code == 1)
            for blank in [
                "operations.executeWorkflow.path could not be told", "operations.getJob.path could not be told",
                "job.state could not be told", "the description in studio-api.yaml has blanks",
            ] { #expect(doctor.output.squeezed.contains(blank), "\(doctor.output)") }
            #expect(try place.read("studio-api.yaml").contains(#"path: "?""#))
            #expect(try place.read("studio-api.yaml").contains("TO BE FILLED IN"))
            // Such a file is refused, with all its blanks, and nothing is started.
            try place.write(try place.read("baton.yaml") + "    api: studio-api.yaml\n", to: "baton.yaml")
            let run = try await place.baton("phases", "wf1")
            #expect(run.code == 64)
            #expect(run.errors.contains("operations.executeWorkflow.path (line"), "\(run.errors)")
            #expect(run.errors.contains("is not filled in"))
            // Doctor itself goes on, so that the file can be written anew.
            let again = try await place.baton("doctor", "--write", "studio-api.yaml")
            #expect(again.code == 1)
            #expect(again.output.contains("could not be told"))
        }
    }

    @Test func `a description mended by hand is kept beside the new one`() async throws {
        try await withVariant("fastapi-snake") { _, place in
            try place.write("mended: by hand\n", to: "studio-api.yaml")
            let doctor = try await place.baton("doctor", "--write", "studio-api.yaml")
            #expect(doctor.code == 0, "\(doctor.output)")
            #expect(try place.read("studio-api.yaml~") == "mended: by hand\n")
        }
    }

    @Test func `what is wrong is named, with what to do`() async throws {
        var scenario = Scenario(workflows: [.init(label: "wf1", workflow: SimulatedWorkflow(space: "Customer"))])
        scenario.clock = .seconds(600)
        scenario.keyExpires = .seconds(3 * 86_400)
        try await StudioServer.withServer(scenario: scenario) { server in
            let place = try Workplace()
            try place.configure(server, key: scenario.key, more: "    space: Custmer\n")
            let doctor = try await place.baton("doctor")
            #expect(doctor.code == 1)
            for words in [
                "✗ clock the server is", "ahead -> set one of the clocks", "! access the key of simulated expires on",
                "✗ space the server has no space \"Custmer\" (did you mean \"Customer\"?)", "-> those the key sees:",
            ] { #expect(doctor.output.squeezed.contains(words), "\(words) in \(doctor.output)") }
            try place.configure(server, key: "another-key-0000", more: "    environment: staging\n")
            let refused = try await place.baton("doctor")
            #expect(refused.code == 1)
            #expect(refused.output.squeezed.contains("the server refused the key …0000"), "\(refused.output)")
            #expect(!(refused.output + refused.errors).contains("another-key"))
        }
    }

    /// Oddities of a server, and what doctor says of them.
    static let oddities: [(String, [String])] = [
        (
            "",
            [
                "✓ stamps times of jobs are written with a time zone, to the millisecond",
                "✓ job order newest first, as far as this page shows", "✓ job user jobs tell who started them",
            ]
        ),
        (
            "stamps: { zone: 1h, resolution: 1m }\nlist_order: oldest_first",
            [
                "! stamps times of jobs are written without a time zone, to the minute, and read as UTC",
                "-> set `zone` in the API description (for example zone: Europe/London), or let the server write an offset",
            ]
        ),
        ("stamps: { ahead: 90s }\ntells_whose: false", ["the clocks disagree -> ", "! job user jobs do not tell"]),
        ("list_order: oldest_first", ["✓ job order oldest first, as far as this page shows"]),
    ]

    @Test(arguments: oddities)
    func `what the job list shows of clocks, order and users is told`(oddity: String, words: [String]) async throws {
        try await Workplace.with("others: { duration: 10ms }\n" + oddity) { place, _ in
            try place.write(#"execute "a" execute "b""#, to: "night.lua")
            #expect(try await place.baton("run", "night.lua").code == 0)
            let doctor = try await place.baton("doctor")
            for words in words { #expect(doctor.output.squeezed.contains(words), "\(words) in \(doctor.output)") }
        }
    }

    @Test(arguments: [
        ("http://baton.invalid:7701", "✗ name           baton.invalid is not known to DNS"),
        ("http://127.0.0.1:1", "✗ connection     the connection is refused"),
        ("https://127.0.0.1:1", "✗ connection     the connection is refused"),
    ])
    func `a server that is not there is told as far as it goes`(url: String, words: String) async throws {
        let place = try Workplace()
        let doctor = try await place.baton(
            "doctor", environment: ["BATON_SERVER": url, "BATON_API_KEY": "k-0123456789"])
        #expect(doctor.code == 1)
        #expect(doctor.output.contains(words), "\(doctor.output)")
    }

    @Test func `without a configuration doctor says what to write`() async throws {
        let doctor = try await Workplace().baton("doctor")
        #expect(doctor.code == 64)
        #expect(doctor.errors.contains("No server is configured."))
    }

    @Test func `every line fits a narrow terminal`() async throws {
        try await withVariant("nswag-envelope") { _, place in
            let doctor = try await place.baton("doctor")
            let long = doctor.output.split(separator: "\n").filter { $0.count > 80 }
            #expect(long.isEmpty, "\(long)")
        }
    }
}

extension APIDescription {
    fileprivate static func lists(_ yaml: String) -> Bool {
        (try? APIDescription(yaml: yaml))?.operations[.listJobs] != nil
    }
}

extension String {
    /// With single spaces: lines are broken for the terminal.
    fileprivate var squeezed: String { split(whereSeparator: \.isWhitespace).joined(separator: " ") }
}
