import BatonHost
import Dispatch
import Escaping
import Foundation
import LineEditor
import Orchestration
import Synchronization

/// What can follow at the prompt.
struct ReplCompleter: Sendable {
    private let repl: Repl
    private let session: LiveSession
    private let place: ReplPlace

    /// How long the prompt waits for an answer of the session.
    private static let patience = DispatchTimeInterval.milliseconds(500)

    init(_ repl: Repl, _ session: LiveSession, _ place: ReplPlace) {
        self.repl = repl
        self.session = session
        self.place = place
    }

    /// Called on the prompt's thread.
    func suggest(_ text: String) -> LineEditor.Suggestion {
        let completion = text.hasPrefix(":") ? command(text) : script(text)
        guard let first = completion.words.first else { return LineEditor.Suggestion() }
        if completion.words.count == 1 {
            return LineEditor.Suggestion(insertion: first.dropFirst(completion.prefix.count) + completion.ending)
        }
        let common = completion.words.dropFirst().reduce(first) { $0.commonPrefix(with: $1) }
        let insertion = String(common.dropFirst(completion.prefix.count))
        return LineEditor.Suggestion(insertion: insertion, choices: completion.words)
    }

    private func script(_ text: String) -> Completion {
        let labels = repl.labels
        let answer = Answer()
        Task { [session] in
            let completion = await session.look { $0.completion(of: text, labels: labels) }
            answer.completion.withLock { $0 = completion }
            answer.isThere.signal()
        }
        _ = answer.isThere.wait(timeout: .now() + Self.patience)
        return answer.completion.withLock { $0 } ?? Completion("", [])
    }

    private final class Answer: Sendable {
        let completion = Mutex<Completion?>(nil)
        let isThere = DispatchSemaphore(value: 0)
    }

    private func command(_ text: String) -> Completion {
        guard let space = text.firstIndex(of: " ") else { return Completion(text, ReplCommands.names, ending: " ") }
        let argument = String(text[text.index(after: space)...])
        switch text[..<space] {
        case ":help":
            return Completion(argument, LibraryReference.names + ReplCommands.names)
        case ":server": return Completion(argument, place.servers)
        case ":history":
            return Completion(argument, repl.labels)
        case ":load", ":save", ":save!": return files(argument)
        default: return Completion("", [])
        }
    }

    private func files(_ argument: String) -> Completion {
        let folder = argument.folderPath
        let before = argument.hasSuffix("/") ? argument : folder.isEmpty ? "" : folder == "/" ? "/" : folder + "/"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: before.isEmpty ? "." : before)) ?? []
        return Completion(
            argument,
            names.filter { !$0.hasPrefix(".") && !$0.unicodeScalars.contains(where: TextFormat.isControl) }.map {
                name in
                var isFolder: ObjCBool = false
                _ = FileManager.default.fileExists(atPath: before + name, isDirectory: &isFolder)
                return before + name + (isFolder.boolValue ? "/" : "")
            })
    }
}
