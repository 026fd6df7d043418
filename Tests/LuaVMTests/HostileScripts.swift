import Foundation

/// The scripts of `Tests/Scripts/hostile`, by name.
enum HostileScripts {
    /// The parts of a file: each begins with a line `--- name`.
    static func named(_ file: String) -> [String: String] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let path = folder.appending(path: "Scripts/hostile/\(file).lua")
        guard let text = try? String(contentsOf: path, encoding: .utf8) else { return [:] }
        var scripts: [String: String] = [:]
        for part in text.components(separatedBy: "\n--- ").dropFirst() {
            let lines = part.split(separator: "\n", maxSplits: 1).map(String.init)
            scripts[lines[0]] = lines.count > 1 ? lines[1] : ""
        }
        return scripts
    }
}
