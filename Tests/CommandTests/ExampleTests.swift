import DataStudio
import Foundation
import JSON
import Testing
import Yams

/// Every example script against its scenario: what the server was asked for, in which order, and how the run ended.
@Suite(.serialized) struct ExampleTests {
    /// One call of a script, and what has to come of it.
    struct Case: Sendable, CustomTestStringConvertible {
        let script: URL
        let arguments: [String]
        let exit: Int32
        /// Every job the server saw, with its parameters, sorted.
        let starts: [String]
        /// The first had ended before the second was made.
        let before: [[String]]
        /// They ran at the same time.
        let together: [[String]]
        /// What else was changed there.
        let other: [String]
        let prints: [String]
        let errors: [String]

        var testDescription: String { ([script.lastPathComponent] + arguments).joined(separator: " ") }

        init(_ script: URL, _ node: Node) throws {
            func texts(_ name: String) -> [String] { node[name]?.array().compactMap { $0.scalar?.string } ?? [] }
            func pairs(_ name: String) -> [[String]] {
                node[name]?.array().map { $0.array().compactMap { $0.scalar?.string } } ?? []
            }
            self.script = script
            arguments = texts("args")
            exit = Int32(try #require(node["exit"]?.int))
            starts = texts("starts")
            before = pairs("before")
            together = pairs("together")
            other = texts("other")
            prints = texts("prints")
            errors = texts("errors")
        }
    }

    private static let folder = BatonProcess.root.appendingPathComponent("scripts/examples")

    private static let cases: [Case] = {
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
        let scripts = (files?.allObjects as? [URL] ?? []).filter { $0.pathExtension == "lua" }
        return scripts.sorted { $0.path < $1.path }.flatMap { script -> [Case] in
            let expected = script.deletingPathExtension().appendingPathExtension("expected.yaml")
            guard let text = try? String(contentsOf: expected, encoding: .utf8),
                let nodes = try? Yams.compose(yaml: text)?["cases"]?.array()
            else { return [] }
            return nodes.compactMap { try? Case(script, $0) }
        }
    }()

    @Test func `there are examples of everything, and each has its expectations`() throws {
        let scripts = Set(Self.cases.map(\.script))
        #expect(scripts.count >= 14)
        let files = FileManager.default.enumerator(at: Self.folder, includingPropertiesForKeys: nil)
        let all = (files?.allObjects as? [URL] ?? []).filter { $0.pathExtension == "lua" }
        let isPipeline = { (file: URL) in file.deletingLastPathComponent().lastPathComponent == "pipelines" }
        #expect(Set(all.filter { !isPipeline($0) }) == scripts)
        // Each is a script and its tests.
        let pipelines = Set(all.filter(isPipeline).map { $0.lastPathComponent.replacing("_test.lua", with: ".lua") })
        #expect(pipelines.count == 6 && all.count { isPipeline($0) } == 12)
    }

    @Test func `a pipeline passes its tests`() async throws {
        let folder = Self.folder.appendingPathComponent("pipelines")
        let check = try await BatonProcess.run(["check", "."], in: folder)
        let run = try await BatonProcess.run(["test"], in: folder)
        #expect(run.code == 0, "\(run)")
        #expect(run.output.contains(/\n23 cases: 23 passed/), "\(run.output)")
        #expect(check.code == 0, "\(check)")
    }

    @Test(arguments: cases)
    func `an example does what it says`(example: Case) async throws {
        let place = try Workplace()
        let scenario = example.script.deletingPathExtension().appendingPathExtension("scenario.yaml").path
        let run = try await BatonProcess.run(
            ["run", "--scenario", scenario, "--simulator-log", "log"] + example.arguments + [example.script.path],
            environment: ["BATON_CHECK_LABELS": "true"], in: place.url)
        #expect(run.code == example.exit, "\(run.errors)")
        let log = try place.read("log").split(separator: "\n").map { try JSON(parsing: Array($0.utf8)) }
        let jobs = log.filter { $0["event"]?.text == "job" }.map(Job.init)
        #expect(jobs.map(\.text).sorted() == example.starts.sorted(), "\(run.errors)")
        for pair in example.before {
            let first = try Self.job(pair[0], in: jobs), second = try Self.job(pair[1], in: jobs)
            #expect(first.finished <= second.created, "\(pair[0]) before \(pair[1])")
        }
        for pair in example.together {
            let first = try Self.job(pair[0], in: jobs), second = try Self.job(pair[1], in: jobs)
            #expect(max(first.created, second.created) < min(first.finished, second.finished), "\(pair) together")
        }
        func isSuccess(_ status: JSON?) -> Bool {
            if case .integer(let number)? = status { (200..<300).contains(number) } else { false }
        }
        let changes = ["refreshDataset", "executeSchedule", "cancelJob"]
        let other = log.filter { changes.contains($0["operation"]?.text ?? "") && isSuccess($0["status"]) }
            .map { "\($0["operation"]?.text ?? "") \($0["label"]?.text ?? $0["job"]?.text ?? "")" }
        #expect(other.sorted() == example.other.sorted())
        for text in example.prints { #expect(run.output.contains(text), "\(run.output)") }
        for text in example.errors { #expect(run.errors.contains(text), "\(run.errors)") }
    }

    /// A job as the simulated server has it in its log.
    private struct Job {
        let label: String
        let text: String
        let created: Timestamp
        let finished: Timestamp

        init(_ json: JSON) {
            func time(_ name: String) -> Timestamp {
                json[name]?.text.flatMap { Timestamp(iso8601: $0) } ?? .distantFuture
            }
            label = json["label"]?.text ?? ""
            let parameters = (json["parameters"]?.members ?? []).map { "\($0.name)=\($0.value.text ?? "")" }
            text = ([label] + parameters.sorted()).joined(separator: " ")
            created = time("created")
            finished = time("finished")
        }
    }

    private static func job(_ name: String, in jobs: [Job]) throws -> Job {
        try #require(jobs.first { $0.text == name || $0.label == name }, "no job \(name)")
    }
}

extension Timestamp {
    fileprivate static let distantFuture = Timestamp(milliseconds: .max)
}
