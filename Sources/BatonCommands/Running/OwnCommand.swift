import Escaping
import Foundation

/// The command that this process was called with, for somebody who has to call it in another way.
enum OwnCommand {
    /// What to do as another user, and the command between empty lines: it can be copied as it is, and works from anywhere.
    static func lines(as user: String) -> [String] {
        let own = (["baton"] + CommandLine.arguments.dropFirst()).map(TextFormat.shell.escaped).joined(separator: " ")
        let folder = TextFormat.shell.escaped(FileManager.default.currentDirectoryPath)
        let command =
            hasSudo ? "sudo -u \(user) \(own)" : "su -s /bin/sh \(user) -c \(TextFormat.shell.escaped(own))"
        return ["Run Baton as that user:", "", "  cd \(folder) && \(command)", ""]
    }

    private static var hasSudo: Bool {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        return path.split(separator: ":").contains { FileManager.default.isExecutableFile(atPath: "\($0)/sudo") }
    }
}
