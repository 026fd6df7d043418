import BatonHost
import Escaping
import Foundation
import Journal
import Orchestration

/// Where commands about a run find its journal: messages are read elsewhere.
enum CommandPlace {
    /// The folder in which commands have to be run; `nil` if they find the journal from anywhere, or if the folder of the
    /// script does not help.
    static func folder(of row: RunRow, in journal: JournalFolder) -> String? {
        guard row.path.hasPrefix("/") else { return nil }
        let environment = ProcessInfo.processInfo.environment
        func found(from directory: String) -> JournalFolder? {
            let loader = ConfigurationLoader(environment: environment, directory: directory)
            do {
                return JournalFolder(try loader.journal() ?? BatonConfiguration.usualJournal(environment))
            } catch {
                return nil
            }
        }
        let own = row.path.folderPath
        return found(from: "/") != journal && found(from: own) == journal ? own : nil
    }

    /// A command that can be run from anywhere.
    static func command(_ command: String, in folder: String?) -> String {
        folder.map { "cd \(TextFormat.shell.escaped($0)) && \(command)" } ?? command
    }
}
