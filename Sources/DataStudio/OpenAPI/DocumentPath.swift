/// The paths of URLs in documents, which may be absolute or relative.
package enum DocumentPath {
    /// The path of a URL without a slash at the end, an empty text for the root. Query and fragment are dropped.
    ///
    /// - Parameter path: of the document the URL stands in.
    package static func path(of url: String, relativeTo path: String) -> String {
        let resolved = resolve(url, relativeTo: path)
        return resolved.hasSuffix("/") ? String(resolved.dropLast()) : resolved
    }

    /// The path that a URL in a document leads to, with a slash at its beginning.
    package static func resolve(_ url: String, relativeTo path: String) -> String {
        var text =
            url.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).first.map(String.init) ?? ""
        text = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false).first.map(String.init) ?? ""
        if let scheme = text.firstRange(of: "://") {
            let rest = text[scheme.upperBound...]
            return rest.firstIndex(of: "/").map { normalised(String(rest[$0...])) } ?? "/"
        }
        if text.hasPrefix("//") {
            let rest = text.dropFirst(2)
            return rest.firstIndex(of: "/").map { normalised(String(rest[$0...])) } ?? "/"
        }
        if text.hasPrefix("/") { return normalised(text) }
        if text.isEmpty { return "/" }
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "/"
        return normalised(folder + text)
    }

    /// Without `.` and `..`.
    private static func normalised(_ path: String) -> String {
        var segments: [Substring] = []
        for segment in path.split(separator: "/", omittingEmptySubsequences: true) {
            switch segment {
            case ".": continue
            case "..": _ = segments.popLast()
            default: segments.append(segment)
            }
        }
        let text = "/" + segments.joined(separator: "/")
        return path.hasSuffix("/") && text != "/" ? text + "/" : text
    }
}
