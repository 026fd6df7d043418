import Foundation
import SystemPackage

/// Writes a file that a person has named.
package enum OutputFile {
    /// Writes the whole text, all or nothing where the path is a file's or nobody's. A link is followed; a device and a pipe are
    /// written to, never replaced.
    package static func write(_ text: String, to path: String) throws {
        let bytes = Data(text.utf8)
        guard let status = try? Stat(FilePath(path)), status.type != .regular else {
            // Where the last link leads to nothing, the file is made there.
            let real = (try? FileManager.default.destinationOfSymbolicLink(atPath: path)).map { target in
                URL(fileURLWithPath: target, relativeTo: URL(fileURLWithPath: path).deletingLastPathComponent()).path
            }
            return try bytes.write(
                to: URL(fileURLWithPath: real ?? path).resolvingSymlinksInPath(), options: .atomic)
        }
        let file = try FileDescriptor.open(FilePath(path), .writeOnly, options: .closeOnExec)
        try file.closeAfter { _ = try file.writeAll(bytes) }
    }
}
