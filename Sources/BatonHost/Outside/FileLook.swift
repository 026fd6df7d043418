import DataStudio
import Foundation
import Orchestration

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

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
        var status = Glibc.stat()
        guard stat(real, &status) == 0 else {
            // That a file cannot be seen does not mean that it is not there.
            return errno == ENOENT || errno == ENOTDIR
                ? .file(nil) : refused(.failed, "\(path) cannot be looked at: \(String(cString: strerror(errno)))")
        }
        let seconds = Int64(status.st_mtim.tv_sec), nanoseconds = Int64(status.st_mtim.tv_nsec)
        return .file(
            FileStatus(
                size: Int64(status.st_size),
                modified: Timestamp(milliseconds: seconds * 1000 + nanoseconds / 1_000_000)))
    }

    private static func resolved(_ path: String) -> String {
        URL(fileURLWithPath: path).standardizedFileURL.resolvingSymlinksInPath().path
    }
}
