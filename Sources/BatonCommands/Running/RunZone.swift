import BatonHost
import DataStudio
import Orchestration

/// The zone in which a run's script tells the time: the one it began in, wherever it goes on and whoever looks at it.
struct RunZone {
    let rules: ZoneRules
    private let beginning: RunBeginning

    /// - Throws: ``Refusal`` if this machine has no such zone.
    init(of beginning: RunBeginning) throws(Refusal) {
        self.beginning = beginning
        do {
            let database = ZoneDatabase()
            rules =
                if let name = beginning.zone { try database.zone(named: name) } else { try database.own() }
        } catch {
            throw Refusal("The script of this run tells the time in a zone that this machine does not have: \(error).")
        }
    }

    /// That the run may see other times than before; `nil`: nothing is known to be otherwise.
    var warning: String? {
        guard let began = beginning.zoneData, let now = rules.version, began != now else { return nil }
        return "the run began by the time zone database \(began), and this machine has \(now): local times that the "
            + "script saw may differ now"
    }

    /// The zone of this process, for a run that begins.
    ///
    /// - Throws: ``Refusal`` if `TZ` is none, or the machine's zone is unknown.
    static func own() throws(Refusal) -> ZoneRules {
        do {
            return try ZoneDatabase().own()
        } catch {
            throw Refusal("A script would tell wrong times: \(error).")
        }
    }
}

extension RunConfiguration {
    /// What a run began with, and its zone as this machine has it.
    init(inItsZone beginning: RunBeginning) throws(Refusal) {
        self.init(beginning, zone: try RunZone(of: beginning).rules)
    }
}
