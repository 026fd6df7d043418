import DataStudio
import Foundation
import Orchestration

/// A look at a file, where the configuration allows it.
enum FileLook {
    /// Links are followed first: one that leads out of the folders is outside.
    static func status(of path: String, below folders: [String]) -> Answer {
        func refused(_ kind: ErrorKind, _ message: String) -> Answer {
            .failed(StepFailure(kind: kind, message: message))
        }
        let real = resolved(path)
        let isAllowed = folders.map(resolved).contains { root in
            real == root || real.hasPrefix(root == "/" ? root : root + "/")
        }
        guard isAllowed else {
            let words = folders.isEmpty ? "no folder is" : "only \(folders.joined(separator: ", ")) are"
            return refused(.rejected, "\(path) may not be looked at: \(words) allowed by the configuration (files:)")
        }
        do {
            let attributes = try FileManager.default.attributesOfItem(atPath: real)
            guard let size = attributes[.size] as? Int, let modified = attributes[.modificationDate] as? Date else {
                return refused(.failed, "\(path) has no size or time")
            }
            return .file(
                FileStatus(
                    size: Int64(size), modified: Timestamp(milliseconds: Int64(modified.timeIntervalSince1970 * 1000))))
        } catch let error as CocoaError where error.code == .fileReadNoSuchFile || error.code == .fileNoSuchFile {
            return .file(nil)
        } catch {
            // That a file cannot be seen does not mean that it is not there.
            return refused(.failed, "\(path) cannot be looked at: who runs this may not, or the disk does not answer")
        }
    }

    private static func resolved(_ path: String) -> String {
        URL(fileURLWithPath: path).standardizedFileURL.resolvingSymlinksInPath().path
    }
}
