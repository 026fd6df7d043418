import AsyncHTTPClient
import DataStudio
import Dispatch
import Foundation
import JSON
import NIOCore
import NIOHTTP1
package import Orchestration

/// What scripts reach besides Data Studio: people, other servers, files.
package struct OutsideWorld: Sendable {
    private let tell: @Sendable (Query) async -> Void
    private let secrets: Secrets
    private let folders: [String]
    private let approvers: Set<String>
    private let targets: Set<String>
    private let replies: (@Sendable (HTTPCall) -> HTTPReply?)?
    private var isSimulated: Bool { replies != nil }

    /// How long a request to another server may take.
    private static let longestRequest = Duration.seconds(60)

    /// - Parameters:
    ///   - tell: tells people what a script wants them to know, and what is late.
    ///   - secrets: those of the run.
    ///   - folders: below which files may be looked at, from the root on.
    ///   - approvers: the names of those who may decide.
    ///   - targets: the names of those who can be notified.
    ///   - replies: in a simulation the answers to requests; nothing leaves then.
    package init(
        secrets: Secrets = .none, folders: [String] = [], approvers: Set<String> = [],
        targets: Set<String> = [], replies: (@Sendable (HTTPCall) -> HTTPReply?)? = nil,
        tell: @escaping @Sendable (Query) async -> Void
    ) {
        self.tell = tell
        self.secrets = secrets
        self.folders = folders
        self.approvers = approvers
        self.targets = targets
        self.replies = replies
    }

    /// Does what a script asked for.
    ///
    /// - Returns: `nil` if the answer comes another way, as a person decides.
    package func carryOut(_ query: Query) async -> Answer? {
        switch query {
        case .notify(let notice):
            if !isSimulated, let unknown = notice.targets.first(where: { !targets.contains($0) }) {
                let message = "whom to notify is not configured: notify.targets.\(unknown)"
                return .failed(StepFailure(kind: .rejected, message: message))
            }
            await tell(query)
            return .done
        case .late:
            await tell(query)
            return .done
        case .approval(let approval): return answer(approval)
        case .http(let call): return await answer(call)
        case .file(let path): return await look { FileLook.status(of: path, below: $0) }
        case .files(let pattern, let limit): return await look { FileLook.list(pattern, limit: limit, below: $0) }
        default: return .failed(StepFailure(kind: .unsupported, message: "it is not known here"))
        }
    }

    private func answer(_ approval: Approval) -> Answer? {
        if isSimulated { return .decision(Decision(isApproved: true, by: "the simulation")) }
        guard let name = approval.approvers, !approvers.contains(name) else { return nil }
        return .failed(StepFailure(kind: .rejected, message: "who may decide is not configured: approvers.\(name)"))
    }

    // MARK: Other servers

    private func answer(_ call: HTTPCall) async -> Answer {
        if let replies {
            return replies(call).map { .http($0) }
                ?? .failed(
                    StepFailure(
                        kind: .unsupported, message: "the scenario has no answer for \(call.method) \(call.url) (http:)"
                    ))
        }
        do {
            try secrets.check(Array(call.headers.values) + [call.body ?? ""], for: URL(string: call.url)?.host)
        } catch {
            return .failed(StepFailure(kind: .rejected, message: error.message))
        }
        var request = HTTPClientRequest(url: call.url)
        request.method = HTTPMethod(rawValue: call.method)
        for (name, value) in call.headers.sorted(by: { $0.key < $1.key }) {
            request.headers.add(name: name, value: secrets.revealed(in: value))
        }
        if let body = call.body {
            let isJSON = (try? JSON(parsing: Array(body.utf8))) != nil
            request.body = .bytes(
                ByteBuffer(string: isJSON ? secrets.revealed(inJSON: body) : secrets.revealed(in: body)))
        }
        do {
            let reply = try await OneRequest.send(request, within: Self.longestRequest)
            var headers: [String: String] = [:]
            for (name, value) in reply.headers {
                headers[secrets.hidden(in: name).lowercased()] = secrets.hidden(in: value)
            }
            let text = String(decoding: secrets.hidden(in: reply.body), as: UTF8.self)
            return .http(HTTPReply(status: reply.status, headers: headers, body: text))
        } catch {
            let reason = TransportReason.text(error)
            // What changes something there and may have arrived is told so.
            return call.isRead || TransportReason.isUnsent(error)
                ? .failed(StepFailure(kind: .failed, message: reason)) : .doubtful(reason)
        }
    }

    // MARK: Files

    /// A disk may hang, as one of another machine does: nobody else waits for it.
    /// Disks block.
    private func look(_ body: @escaping @Sendable (_ folders: [String]) -> Answer) async -> Answer {
        let folders = folders
        return await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: body(folders)) }
        }
    }
}
