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

    /// Tells it: people on standard error, programs on standard output as well.
    func tell(json: Bool) {
        if json { Output.standard.write(EventJSON.refusal(lines).jsonText + "\n") }
        Output.errors.write((lines + ["Nothing was started."]).map { $0 + "\n" }.joined())
    }
}
