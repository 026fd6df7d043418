import Foundation

/// The scripts of `Tests/Scripts/hostile`, which the tests run as well.
enum HostileScripts {
    /// The parts of a file by name, in order: each begins with a line `--- name`.
    static func named(_ file: String) throws -> [(name: String, text: String)] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = try String(
            contentsOf: folder.appending(path: "Tests/Scripts/hostile/\(file).lua"), encoding: .utf8)
        return text.components(separatedBy: "\n--- ").dropFirst().map { part in
            let lines = part.split(separator: "\n", maxSplits: 1).map(String.init)
            return (lines[0], lines.count > 1 ? lines[1] : "")
        }
    }
}
