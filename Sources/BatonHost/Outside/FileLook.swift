import DataStudio
import Escaping
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
            real.utf8.elementsEqual(root.utf8) || real.begins(with: root == "/" ? root : root + "/")
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
            // Whatever a file system says: a time that is no number of milliseconds is as far away as times go.
            let time = min(max(modified.timeIntervalSince1970 * 1000, -9e18), 9e18)
            return .file(FileStatus(size: Int64(size), modified: Timestamp(milliseconds: Int64(time))))
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
