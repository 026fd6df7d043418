import DataStudio
import Orchestration

/// Which interrupted runs `baton resume --all` resumes, and which are too old for that.
struct ResumeSelection {
    /// A run that nobody has to be asked about, but for its age.
    struct Candidate {
        let row: RunRow
        /// When the last record of its log was written.
        let lastRecord: Timestamp
        /// How old that may be.
        let within: Duration
    }

    /// Oldest first.
    private(set) var resumed: [RunRow] = []
    /// Too old, and nobody has been told of them. Oldest first.
    private(set) var passedOver: [Candidate] = []

    init(_ candidates: [Candidate], at now: Timestamp) {
        for candidate in candidates.sorted(by: { ($0.row.began, $0.row.id) < ($1.row.began, $1.row.id) }) {
            if now - candidate.lastRecord < candidate.within {
                resumed.append(candidate.row)
            } else if !candidate.row.isPassedOver {
                passedOver.append(candidate)
            }
        }
    }
}

extension RunRow {
    /// What the journal notes of a run that was too old: people are told once. It is forgotten when the run is resumed.
    private static let tooOld = "too old to be resumed automatically"

    /// True if people were told that the run was too old, and nothing has happened to it since.
    var isPassedOver: Bool { note?.hasSuffix(Self.tooOld) == true }

    /// The note with which ``isPassedOver`` is true.
    var passedOverNote: String { (note.map { $0 + "; " } ?? "") + Self.tooOld }
}
