package import DataStudio
import Foundation
import HTTPTypes
import Orchestration

extension Doctor {
    /// Tries the operations that change nothing, with the key.
    ///
    /// - Parameters:
    ///   - client: of ``examine(hint:picks:)``; only its connections are used.
    ///   - description: the language to speak.
    /// - Returns: true if nothing is wrong.
    package func tryOut(_ description: APIDescription, _ client: StudioClient) async -> Bool {
        var trial = DoctorTrial(doctor: self, api: StudioAPI(description), client: client)
        return await trial.run()
    }
}

/// The harmless requests of one examination.
struct DoctorTrial {
    let doctor: Doctor
    let api: StudioAPI
    let client: StudioClient
    private var isWell = true
    /// The key was refused: everything else would be, too.
    private var isRefused = false
    /// Something was answered.
    private var isAccepted = false
    /// The server's own time in its last answer.
    private var date: Timestamp?

    init(doctor: Doctor, api: StudioAPI, client: StudioClient) {
        self.doctor = doctor
        self.api = api
        self.client = client
    }

    mutating func run() async -> Bool {
        await keyInformation()
        if let page = await read(
            "listJobs", try? api.jobListRequest(createdAfter: nil, pageSize: 50), { try $0.readJobs($1, pageSize: 50) })
        {
            await jobs(page)
        }
        if let page = await read("listWorkflows", try? api.workflowListRequest(), { try $0.readWorkflows($1) }) {
            tell(
                .right, "listWorkflows",
                count(page.items.count, page.next != nil, "workflow") + unreadable(page.unreadable, "a label"))
        }
        await spaces()
        if isAccepted, !api.supports(.keyInformation) {
            tell(
                .right, "access",
                "the server takes the key \(client.identity.key) for the environment \"\(client.configuration.environment)\""
            )
        }
        return isWell
    }

    private mutating func tell(_ state: DoctorFinding.State, _ topic: String, _ text: String, advice: String? = nil) {
        if state == .wrong { isWell = false }
        doctor.report(DoctorFinding(state, topic, text, advice: advice))
    }

    private func count(_ number: Int, _ hasMore: Bool, _ noun: String) -> String {
        "\(number)\(hasMore ? " on the first page" : "") \(noun)\(number == 1 ? "" : "s")"
    }

    private func unreadable(_ count: Int, _ what: String) -> String {
        count == 0 ? "" : "; \(count) without \(what)"
    }

    /// Asks once, and tells what went wrong.
    ///
    /// - Parameter request: `nil` for what the server does not offer.
    /// - Returns: `nil` if it was not asked, or went wrong.
    private mutating func read<Value: Sendable>(
        _ topic: String, _ request: StudioRequest?, _ parse: (StudioAPI, StudioReply) throws -> Value
    ) async -> Value? {
        // Whatever the description says: nothing else is sure to change nothing.
        guard !isRefused, let request, request.method == .get else { return nil }
        switch await client.send(request) {
        case .unsent(let reason), .broken(let reason):
            tell(.wrong, topic, reason)
            return nil
        case .reply(let reply):
            date = reply.date
            do {
                let value = try parse(api, reply)
                isAccepted = true
                return value
            } catch {
                refused(topic, request, error as? StudioFault ?? .protocolViolation("\(error)"))
                return nil
            }
        }
    }

    private mutating func refused(_ topic: String, _ request: StudioRequest, _ fault: StudioFault) {
        let asked = "\(request.method.rawValue) \(request.path)"
        switch fault {
        case .unauthorised(let status, let message):
            isRefused = true
            let environment = client.configuration.environment
            tell(
                .wrong, "access",
                "the server refused the key \(client.identity.key) for the environment \"\(environment)\" (\(status)): \(message)",
                advice:
                    "the key, its permissions, its expiry and the environment's external label belong together: look at all four in Data Studio"
            )
        case .rejected(404, _):
            tell(
                .wrong, topic, "\(asked) is not there (404)",
                advice: "the API description does not fit this server: let doctor write one with --write FILE")
        default:
            tell(
                .wrong, topic, "\(asked): \(StepFailure(fault).message)",
                advice: "compare the API description with the server's own page")
        }
    }

    private mutating func keyInformation() async {
        guard let key = await read("key", try? api.keyRequest(), { try $0.readKey($1) }) else { return }
        let user = key.user.map { " of \($0)" } ?? ""
        guard let expires = key.expires else { return tell(.right, "access", "the server knows the key\(user)") }
        let left = expires - .now
        let day = String(expires.iso8601.prefix(10))
        if left < .zero {
            tell(.wrong, "access", "the key\(user) expired on \(day)", advice: "make a new one in Data Studio")
        } else if left < .seconds(14 * 86_400) {
            tell(
                .note, "access", "the key\(user) expires on \(day), in \(left.short)", advice: "make a new one in time")
        } else {
            tell(.right, "access", "the server knows the key\(user), which expires on \(day)")
        }
    }

    private mutating func jobs(_ page: Page<Job>) async {
        tell(
            .right, "listJobs",
            count(page.items.count, page.next != nil, "job") + unreadable(page.unreadable, "an id or a state"))
        let odd = Set(page.items.filter { $0.state == .unknown }.map(\.stateName)).sorted()
        if !odd.isEmpty {
            tell(
                .wrong, "states",
                "the server uses words that the API description does not have: \(odd.joined(separator: ", "))",
                advice: "add them to its states; until then such a job counts as not finished")
        }
        for finding in JobListFindings(page.items, date: date, api: api).all { doctor.report(finding) }
        guard let first = page.items.first else { return }
        if first.label == nil {
            tell(.note, "jobs", "they do not tell their workflow: state(label) and if_running will find nothing")
        }
        if first.created == nil, first.started == nil {
            tell(.note, "jobs", "they do not tell when they were created: durations are measured from here")
        }
        let job = await read("getJob", try? api.jobRequest(first.id), { try $0.readJob($1) })
        guard let job else { return }
        if job.id == first.id {
            tell(.right, "getJob", "job \(job.id) is \(job.stateName)")
        } else {
            tell(
                .wrong, "getJob", "asked for job \(first.id), the server sent \(job.id)",
                advice: "look at job.id in the API description")
        }
    }

    private mutating func spaces() async {
        guard let page = await read("listSpaces", try? api.spaceListRequest(), { try $0.readSpaces($1) }) else {
            return
        }
        guard let space = client.configuration.space else {
            return tell(.right, "listSpaces", count(page.items.count, page.next != nil, "space"))
        }
        if page.items.contains(where: { $0.label == space }) {
            tell(.right, "space", "\"\(space)\" is there")
        } else if page.next == nil {
            let labels = page.items.prefix(10).map { "\"\($0.label)\"" }.joined(separator: ", ")
            tell(
                .wrong, "space",
                "the server has no space \"\(space)\""
                    + Spelling.suggestion(for: space, among: page.items.map(\.label)),
                advice: labels.isEmpty ? "the key sees no space at all" : "those the key sees: \(labels)")
        }
    }
}
