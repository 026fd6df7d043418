import BatonHost
import Foundation
import Journal
import Logging
import Orchestration

/// Goes on with runs that are in the journal.
struct RunContinuation {
    let desk: RunDesk
    private let renderer: any RunRenderer
    private let logger: Logger

    /// - Parameter name: the run's, in front of its lines, where others are told of at the same time.
    init(_ desk: RunDesk, json: Bool, name: String? = nil) {
        self.desk = desk
        var terminal = Terminal.current
        if name != nil { terminal.isLive = false }
        let renderer: any RunRenderer = json ? JSONRenderer(run: name) : TextRenderer(terminal: terminal, run: name)
        self.renderer = renderer
        logger = Logger(label: "baton") { _ in RendererLogHandler(renderer: renderer, logLevel: .warning) }
    }

    /// Goes on with an interrupted run.
    func resume(_ row: RunRow) async throws -> Int32 {
        let configuration = try desk.configuration(for: row)
        guard let opened = try desk.opening.resume(row) else { return busy(row) }
        return try await session(configuration).run(opened)
    }

    /// Goes on with a run differently.
    func retry(
        _ row: RunRow, _ retrial: Retrial, after log: [Record], revision: RunBeginning? = nil
    ) async throws -> Int32 {
        let configuration = try desk.configuration(for: row)
        guard let opened = try desk.opening.retry(row, retrial, after: log, revision: revision) else {
            return busy(row)
        }
        return try await session(configuration).run(opened)
    }

    func note(_ text: String) { renderer.note(text) }

    private func session(_ configuration: BatonConfiguration) -> RunSession {
        RunSession(configuration: configuration, renderer: renderer, logger: logger)
    }

    private func busy(_ row: RunRow) -> Int32 {
        renderer.note("run \(row.id), or another of its line, is live: baton watch \(row.id)", code: 6)
        return 6
    }
}
