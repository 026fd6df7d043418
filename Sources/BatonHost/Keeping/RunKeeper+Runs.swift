import DataStudio
import Escaping
import Foundation
import Journal
import Orchestration

/// Other runs, for scripts that ask for them.
extension RunKeeper {
    /// Of a script with more runs than that, only the newest are looked at.
    private static let mostLookedAt = 1000

    /// The runs that a script asks for, newest first: neither its own nor sessions.
    func runs(_ query: RunQuery) async throws -> [PastRun] {
        let (journal, own) = (journal, row)
        return try await blocking { try Self.runs(query, of: journal, besides: own) }
    }

    private static func runs(_ query: RunQuery, of journal: Journal, besides own: RunRow) throws -> [PastRun] {
        let opening = RunOpening(journal)
        var selection = RunSelection()
        selection.since = query.since
        selection.script = query.script.map { path(of: $0, beside: own.path) }
        var found: [PastRun] = []
        for row in try journal.runs(selection, limit: mostLookedAt) where found.count < query.limit {
            guard row.id != own.id, query.key == nil || row.key == query.key else { continue }
            let state = opening.state(of: row)
            guard query.state == nil || state == query.state,
                let beginning = try journal.beginning(of: row.id), !beginning.isSession
            else { continue }
            let date = beginning.date ?? date(of: row.began, in: beginning.zone)
            guard query.date == nil || date == query.date else { continue }
            var run = PastRun(
                id: row.id, path: row.path, script: row.script, date: date, began: row.began, state: state)
            run.key = row.key
            run.ended = row.fate == .open ? nil : row.updated
            run.parameters = beginning.parameters
            found.append(run)
        }
        return found
    }

    /// A script is found by its path: a relative one lies beside the script that asks.
    private static func path(of script: String, beside own: String) -> String {
        let name = script.hasSuffix(".lua") ? script : script + ".lua"
        guard !name.hasPrefix("/"), own.hasPrefix("/") else { return name }
        return URL(fileURLWithPath: own.folderPath + "/" + name).standardizedFileURL.path
    }

    private static func date(of began: Timestamp, in zone: String?) -> String {
        let database = ZoneDatabase()
        let rules =
            (try? zone.map { name throws(ZoneError) in try database.zone(named: name) } ?? database.own()) ?? .utc
        // As the clocks there showed it.
        let local = began + .seconds(rules.offset(at: began.seconds).seconds)
        return String(local.iso8601.prefix(10))
    }
}
