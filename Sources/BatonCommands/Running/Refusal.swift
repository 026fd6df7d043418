import BatonHost
import DataStudio
import JSON
import Journal
import Orchestration

/// Why a run was not begun: nothing has been started.
struct Refusal: Error {
    let lines: [String]
    /// 64; 4 where the key is why, 5 where the server is, 8 where an earlier run is held, 128 and more for a signal.
    var code: Int32 = 64
    /// A script that is there and cannot be read as text.
    var isAboutText = false

    init(_ lines: String...) {
        self.lines = lines
    }

    /// A refusal with what to do about it.
    init(_ reason: String, _ advice: Advice?) {
        lines = [reason] + (advice?.lines ?? [])
    }

    init(lines: [String], code: Int32 = 64) {
        self.lines = lines
        self.code = code
    }

    /// What an error says to a person.
    init(_ error: any Error) {
        switch error {
        case let refusal as Refusal: self = refusal
        case let error as ConfigurationError:
            self.init(lines: error.problems + (error.owner.map { OwnCommand.lines(as: $0) } ?? []))
        case let error as JournalError:
            self.init(lines: ["\(error)"] + (error.owner.map { OwnCommand.lines(as: $0) } ?? []))
        default: self.init("\(error)")
        }
    }

    /// An earlier run of the script is held because its process died again and again.
    ///
    /// - Parameter folder: as in ``CommandPlace/folder(of:in:)``.
    init(heldByDeaths row: RunRow, folder: String?) {
        func command(_ verb: String) -> String { "  " + CommandPlace.command("baton \(verb) \(row.id)", in: folder) }
        self.init(
            lines: [
                "Run \(row.id) of this script is held: its process died three times without making progress.",
                "Its jobs may still be running, so no new run is started. Find out why it died:",
                "",
                command("show"),
                "",
                "Then resume the run, or abandon it; a new run waits for the jobs of an abandoned one:",
                "",
                command("resume"),
                command("abandon"),
                "",
            ], code: 8)
    }

    /// A process holds the run, and has to leave it first.
    static func live(_ row: RunRow) -> Refusal {
        row.isWaiting
            ? Refusal("Run \(row.id) waits for its turn.", Advice("To cancel it:", "baton cancel \(row.id)"))
            : Refusal("Run \(row.id) is live.", Advice("Stop it first; its jobs go on:", "baton stop \(row.id)"))
    }

    /// Nothing says which server is meant.
    static let noServer = Refusal(lines: [
        "No server is configured. Write baton.yaml beside the script:",
        "",
        "  server: production",
        "  servers:",
        "    production:",
        "      url: https://studio.example.com:7701",
        "      environment: default",
        "      api_key_file: /etc/baton/studio.key",
        "",
        "or let baton init write one; or try the script against a simulated server with --simulate.",
    ])

    /// Tells it: people on standard error, programs on standard output as well.
    func tell(json: Bool, code: Int32? = nil, nothingStarted: Bool = true) {
        if json { Output.standard.write(EventJSON.refusal(lines, code: code ?? self.code).jsonText + "\n") }
        // What is indented is to be copied as it is.
        let terminal = Terminal.current
        let shown = lines.flatMap { line in
            terminal.isTerminal && !line.hasPrefix(" ") ? line.wrapped(to: terminal.columns, hanging: 2) : [line]
        }
        Output.errors.write((shown + (nothingStarted ? ["Nothing was started."] : [])).map { $0 + "\n" }.joined())
    }
}
