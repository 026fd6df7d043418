import DataStudio
import JSON
import Testing

/// Operations and fields that look like ours and are not: what is wrong must not be taken, least of all for sure.
@Suite struct DecoyTests {
    private static let job = """
        { type: object, properties: { id: { type: string }, workflowLabel: { type: string },
          previousState: { type: string, enum: [RUNNING, COMPLETED, FAILED] }, state: { type: string, enum: [RUNNING, COMPLETED, FAILED] },
          estimatedEndTime: { type: string, format: date-time }, endTime: { type: string, format: date-time },
          startTime: { type: string, format: date-time } } }
        """

    /// A document of these paths, each `METHOD path: summary`.
    private func derive(_ paths: [String], reply: String = job) throws -> APIDerivation {
        var text = "openapi: 3.0.0\npaths:\n"
        for path in paths {
            let words = path.split(separator: " ", maxSplits: 2).map(String.init)
            let summary = words.count > 2 ? words[2] : ""
            let list = !path.contains("{") && words[0] == "get"
            let schema =
                words[1].contains("apikeys")
                ? "{ type: object, properties: { user: { type: string }, expires: { type: string, format: date-time } } }"
                : list ? "{ type: array, items: \(reply) }" : reply
            text += """
                  \(words[1]):
                    \(words[0]):
                      summary: "\(summary)"
                      \(words[0] == "get" ? "" : "requestBody: { content: { application/json: { schema: { type: object, properties: { externalLabel: { type: string }, workflowParameters: { type: object } } } } } }")
                      responses: { '200': { content: { application/json: { schema: \(schema.replacing("\n", with: " ")) } } } }

                """
        }
        return APIDeriver.derive(from: try OpenAPIDocument(parsing: Array(text.utf8)))
    }

    private func title(_ derivation: APIDerivation, _ operation: Operation) -> String? {
        derivation.findings[operation]?.candidate.title
    }

    @Test func `a rehearsal is no start`() throws {
        let decoys = ["post /workflows/simulate In simulation", "post /workflows/test-run", "post /workflows/validate"]
        #expect(try derive(decoys).findings[.executeWorkflow] == nil)
        #expect(try title(derive(decoys + ["post /workflows/run"]), .executeWorkflow) == "POST /workflows/run")
    }

    @Test func `a GET that does more than look is left alone`() throws {
        let derivation = try derive([
            "get /apikeys/current/rotate Rotates the current API key and returns it",
            "get /jobs/purge Deletes finished jobs",
        ])
        #expect(derivation.findings[.keyInformation] == nil)
        #expect(derivation.findings[.listJobs] == nil)
    }

    @Test func `cancelling something else is not cancelling the job`() throws {
        let jobs = [
            "get /jobs/{id}", "post /jobs/{id}/cancel-schedule Cancels the schedule", "post /jobs/{id}/cancel-all",
        ]
        #expect(try derive(jobs).findings[.cancelJob] == nil)
        #expect(try title(derive(jobs + ["post /jobs/{id}/stop"]), .cancelJob) == "POST /jobs/{id}/stop")
    }

    @Test func `the state is that of now, and the end one that has been`() throws {
        let derivation = try derive(["get /jobs/{id}"])
        #expect(derivation.description.job.state.text == "/state")
        #expect(derivation.description.job.finished?.text == "/endTime")
    }

    @Test func `the jobs are those that a start makes`() throws {
        let reply = Self.job.replacing("{ id: {", with: "{ executionId: {")
        let derivation = try derive(
            [
                "post /workflows/run", "get /import-jobs/{id}", "get /import-jobs", "get /executions/{id}",
                "get /executions",
            ],
            reply: reply)
        #expect(title(derivation, .getJob) == "GET /executions/{id}")
        #expect(title(derivation, .listJobs) == "GET /executions")
    }
}
