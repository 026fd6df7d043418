import BatonHost
import DataStudio
import JSON

/// Why a run was not begun: nothing has been started, and the exit code is 64.
struct Refusal: Error {
    let lines: [String]

    init(_ lines: String...) {
        self.lines = lines
    }

    init(lines: [String]) {
        self.lines = lines
    }

    /// What an error says to a person.
    init(_ error: any Error) {
        switch error {
        case let refusal as Refusal: self = refusal
        case let error as ConfigurationError: self.init(lines: error.problems)
        default: self.init("\(error)")
        }
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
        "or try the script against a simulated one with --simulate.",
    ])

    /// Tells it: people on standard error, programs on standard output as well.
    func tell(json: Bool, code: Int32 = 64, nothingStarted: Bool = true) {
        if json { Output.standard.write(EventJSON.refusal(lines, code: code).jsonText + "\n") }
        Output.errors.write((lines + (nothingStarted ? ["Nothing was started."] : [])).map { $0 + "\n" }.joined())
    }
}
