import Foundation

/// Where a redirect leads, if it may be followed.
enum Redirect {
    /// The path and query on the same server.
    ///
    /// - Parameters:
    ///   - from: the URL that was asked for.
    ///   - location: as the server sent it, absolute or relative.
    ///   - base: the configured URL.
    /// - Returns: `nil` for another scheme, host or port: the key stays here.
    static func path(from: String, to location: String?, within base: String) -> String? {
        guard let location, let origin = URL(string: base), let asked = URL(string: from),
            let target = URL(string: location, relativeTo: asked)?.absoluteURL, sameOrigin(origin, target)
        else { return nil }
        // The configured URL may have a path of its own in front.
        let prefix = origin.path(percentEncoded: true)
        var path = target.path(percentEncoded: true)
        if prefix.count > 1 {
            guard path.hasPrefix(prefix) else { return nil }
            path.removeFirst(prefix.count)
        }
        return (path.isEmpty ? "/" : path) + (target.query(percentEncoded: true).map { "?" + $0 } ?? "")
    }

    private static func sameOrigin(_ a: URL, _ b: URL) -> Bool {
        func port(_ url: URL) -> Int { url.port ?? (url.scheme?.lowercased() == "https" ? 443 : 80) }
        return a.scheme?.lowercased() == b.scheme?.lowercased() && a.host?.lowercased() == b.host?.lowercased()
            && port(a) == port(b)
    }
}
