import Foundation

/// Where what was typed is kept.
enum ReplHistory {
    /// A file in the folder for state, made for its owner only; `nil` where that cannot be made.
    ///
    /// By the XDG Base Directory Specification, `$XDG_STATE_HOME` or `~/.local/state`.
    static var path: String? {
        let environment = ProcessInfo.processInfo.environment
        let state = environment["XDG_STATE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
        guard let base = state ?? environment["HOME"].map({ $0 + "/.local/state" }), !base.isEmpty else { return nil }
        let folder = base + "/baton"
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            return nil
        }
        return folder + "/history"
    }
}
