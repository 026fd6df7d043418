import DataStudio
import Escaping
import Foundation
import Orchestration

/// A look at a file, where the configuration allows it.
enum FileLook {
    /// Links are followed first: one that leads out of the folders is outside.
    static func status(of path: String, below folders: [String]) -> Answer {
        let real = resolved(path)
        guard isAllowed(real, below: folders.map(resolved)) else { return notAllowed(path, below: folders) }
        do {
            let attributes = try FileManager.default.attributesOfItem(atPath: real)
            guard let status = FileStatus(attributes) else {
                return refused(.failed, "\(path) has no size or time")
            }
            return .file(status)
        } catch let error as CocoaError where error.code == .fileReadNoSuchFile || error.code == .fileNoSuchFile {
            return .file(nil)
        } catch {
            // That a file cannot be seen does not mean that it is not there.
            return refused(.failed, "\(path) cannot be looked at: who runs this may not, or the disk does not answer")
        }
    }

    /// The regular files that a pattern matches. Links are followed; those that lead out of the folders are passed over.
    static func list(_ pattern: String, limit: Int, below folders: [String]) -> Answer {
        guard let names = try? PathPattern(pattern).names else { return refused(.rejected, "\(pattern) is no pattern") }
        let fixed = names.prefix { !PathPattern.isPattern($0) }
        let base = "/" + fixed.joined(separator: "/")
        let roots = folders.map(resolved)
        guard isAllowed(resolved(base), below: roots) else { return notAllowed(base, below: folders) }
        var found: [FoundFile] = []
        var visited = Folders()
        var open = [(path: base == "/" ? "" : base, next: fixed.count)]
        while let (path, next) = open.popLast() {
            guard next < names.count else {
                let real = resolved(path)
                guard isAllowed(real, below: roots),
                    let attributes = try? FileManager.default.attributesOfItem(atPath: real),
                    attributes[.type] as? FileAttributeType == .typeRegular, let status = FileStatus(attributes)
                else { continue }
                found.append(FoundFile(path: path, status: status))
                guard found.count <= limit else { return .tooManyFiles(limit, pattern) }
                continue
            }
            guard PathPattern.isPattern(names[next]) else {
                open.append((path + "/" + names[next], next + 1))
                continue
            }
            do {
                for name in try visited.entries(of: path, at: next) where PathPattern.matches(name, names[next]) {
                    open.append((path + "/" + name, next + 1))
                }
            } catch {
                return refused(.failed, error.message)
            }
        }
        return .files(found.sorted())
    }

    /// The folders that a pattern leads to. Links may lead round in a circle: each is looked at once for each name of it.
    private struct Folders {
        private struct Place: Hashable {
            let path: String
            let name: Int
        }

        private var seen: Set<Place> = []
        /// How many are looked at: a disk takes its time for each.
        private static let most = 10_000

        /// The names in a folder; none for what is no folder, or cannot be read.
        mutating func entries(of path: String, at name: Int) throws(LookError) -> [String] {
            // Nothing is found behind more links than the system follows.
            guard let real = realpath(path.isEmpty ? "/" : path, nil) else { return [] }
            defer { free(real) }
            guard seen.insert(Place(path: String(cString: real), name: name)).inserted else { return [] }
            guard seen.count <= Self.most else {
                throw LookError(message: "the pattern leads to more than \(Self.most) folders: name fewer")
            }
            guard let folder = opendir(path.isEmpty ? "/" : path) else { return [] }
            defer { closedir(folder) }
            var names: [String] = []
            while let entry = readdir(folder) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                    pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(validatingCString: $0) }
                }
                guard let name else {
                    throw LookError(message: "\(path) holds a name that is not UTF-8")
                }
                names.append(name)
            }
            return names
        }
    }

    private struct LookError: Error {
        let message: String
    }

    private static func isAllowed(_ real: String, below roots: [String]) -> Bool {
        roots.contains { root in
            real.utf8.elementsEqual(root.utf8) || real.begins(with: root == "/" ? root : root + "/")
        }
    }

    private static func notAllowed(_ path: String, below folders: [String]) -> Answer {
        let words = folders.isEmpty ? "no folder is" : "only \(folders.joined(separator: ", ")) are"
        return refused(.rejected, "\(path) may not be looked at: \(words) allowed by the configuration (files:)")
    }

    private static func refused(_ kind: ErrorKind, _ message: String) -> Answer {
        .failed(StepFailure(kind: kind, message: message))
    }

    private static func resolved(_ path: String) -> String {
        URL(fileURLWithPath: path).standardizedFileURL.resolvingSymlinksInPath().path
    }
}

extension FileStatus {
    /// `nil` where the file system does not tell size and time.
    fileprivate init?(_ attributes: [FileAttributeKey: Any]) {
        guard let size = attributes[.size] as? Int, let modified = attributes[.modificationDate] as? Date else {
            return nil
        }
        // Whatever a file system says: a time that is no number of milliseconds is as far away as times go.
        let time = min(max(modified.timeIntervalSince1970 * 1000, -9e18), 9e18)
        self.init(size: Int64(size), modified: Timestamp(milliseconds: Int64(time)))
    }
}
