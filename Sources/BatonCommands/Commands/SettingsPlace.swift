import ArgumentParser
import Foundation

/// The argument that says whose settings are meant.
struct SettingsPlace: ParsableArguments {
    @Argument(
        help: "A script or a folder: its settings, instead of those of the working directory.", completion: .file())
    var path: String?

    /// Where the configuration is looked for first.
    var directory: String {
        get throws {
            guard let path else { return FileManager.default.currentDirectoryPath }
            let url = URL(fileURLWithPath: path).standardizedFileURL
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else {
                throw Refusal("There is no \(path).")
            }
            return isFolder.boolValue ? url.path : url.deletingLastPathComponent().path
        }
    }
}
