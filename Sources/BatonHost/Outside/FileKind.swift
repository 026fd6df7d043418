import Foundation

/// What a path leads to, links followed.
package enum FileKind {
    /// A file with an end, which can be read without waiting.
    case regular
    /// A folder, a pipe, a device or a socket.
    case other

    /// `nil`: there is nothing, or it cannot be looked at.
    package init?(of path: String) {
        guard access(path, F_OK) == 0 else { return nil }
        let real = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        // A pipe that is reached by its descriptor has no path of its own, and no attributes then.
        let type = try? FileManager.default.attributesOfItem(atPath: real)[.type] as? FileAttributeType
        self = type == .typeRegular ? .regular : .other
    }
}
