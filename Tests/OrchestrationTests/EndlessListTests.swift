import DataStudio
import Testing

@testable import Orchestration

/// A server whose lists never end: what is asked for once is an error that says so.
@Suite struct EndlessListTests {
    private func reply(_ query: Query) -> StudioReply {
        let entry =
            switch query {
            case .workflows: #"{"externalLabel":"w"}"#
            default: #"{"id":1,"state":"RUNNING","workflowExternalLabel":"other"}"#
            }
        let entries = Array(repeating: entry, count: StudioAPI.usualPageSize).joined(separator: ",")
        return StudioReply(status: 200, body: Array(#"{"items":[\#(entries)],"totalPages":1000000}"#.utf8))
    }

    @Test(arguments: [
        Query.jobs(JobFilter(label: "wanted")), .jobs(JobFilter(limit: .max)), .latestJob(label: "wanted"),
        .runningJob(label: "wanted"),
        .workflows,
    ])
    func `a question ends after so many pages`(query: Query) throws {
        let api = StudioAPI(try .default())
        var inquiry = Inquiry(query, wallClock: Timestamp(milliseconds: 0))
        _ = try inquiry.first(api)
        var pages = 0
        while true {
            pages += 1
            try #require(pages <= ListCursor.mostPages)
            switch try inquiry.take(reply(query), api) {
            case .request: continue
            case .answer(.failed(let failure)):
                #expect(pages == ListCursor.mostPages)
                #expect(failure.kind == .protocol && failure.message.contains("more than 500 pages"))
                return
            case .answer, .later:
                Issue.record("it is answered")
                return
            }
        }
    }

    @Test func `the jobs that are wanted end a question, however long the list is`() throws {
        let api = StudioAPI(try .default())
        let query = Query.jobs(JobFilter(limit: 300))
        var inquiry = Inquiry(query, wallClock: Timestamp(milliseconds: 0))
        guard case .request = try inquiry.take(reply(query), api) else {
            Issue.record("one page is enough")
            return
        }
        guard case .answer(.jobs(let jobs)) = try inquiry.take(reply(query), api) else {
            Issue.record("two pages are not enough")
            return
        }
        #expect(jobs.count == 300)
    }
}
