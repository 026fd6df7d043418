import DataStudio
import JSON
import Orchestration
import Synchronization

/// One object for each event, on standard output or on standard error.
final class JSONRenderer: RunRenderer {
    private let run: String?
    private let output: Output
    private let isOver = Atomic(false)

    let isLive = false

    /// - Parameters:
    ///   - run: a member of each object, where other runs are told of at the same time.
    ///   - output: what the script prints stays on standard output all the same.
    init(run: String? = nil, output: Output = .standard) {
        self.run = run
        self.output = output
    }

    private var isStandard: Bool { output.descriptor == Output.standard.descriptor }

    func receive(_ event: RunEvent, at now: Timestamp) {
        if case .print(let text) = event, !isStandard { return Output.standard.write(printed: text + "\n") }
        // The end is the last object, whatever comes after it, as that somebody could not be told of it.
        if case .log(let level, let text) = event, isStandard, isOver.load(ordering: .relaxed) {
            return Output.errors.write("\(level.rawValue): \(text.visible)\n")
        }
        if case .ended = event { isOver.store(true, ordering: .relaxed) }
        write(EventJSON.object(event, at: now))
    }

    func note(_ text: String, code: Int32?) {
        write(EventJSON.note(text, code: code))
    }

    private func write(_ object: JSON) {
        var members = object.members ?? []
        if let run, object["run"] == nil { members.append(JSONMember(name: "run", value: .string(run))) }
        output.write(JSON.object(members).jsonText + "\n")
    }

    func recall(_ event: RunEvent, at time: Timestamp) {}

    func redraw() {}
}
