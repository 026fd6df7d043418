import DataStudio
import Escaping

/// A setting, its value and where it came from.
package struct SettingOrigin: Sendable {
    /// Its path, as `servers.production.url`.
    package let name: String
    /// As it is shown: secrets are not.
    package let value: String
    /// A variable, `FILE:LINE`, or `default`.
    package let origin: String

    /// All that are made somewhere, and those that are something without.
    static func all(_ settings: SettingReader) -> [SettingOrigin] {
        ConfigurationKey.all.flatMap { key -> [SettingOrigin] in
            guard let star = key.path.firstIndex(of: "*") else {
                return [origin(of: key, key.path, settings)].compactMap { $0 }
            }
            return settings.files.names(below: Array(key.path[..<star])).compactMap { name in
                var path = key.path
                path[star] = name
                return origin(of: key, path, settings)
            }
        }
    }

    private static func origin(
        of key: ConfigurationKey, _ path: [String], _ settings: SettingReader
    ) -> SettingOrigin? {
        let name = path.joined(separator: ".")
        let values = key.isList ? settings.list(path)?.joined(separator: ", ") : settings.text(path)
        guard let values else {
            return key.usual.map { SettingOrigin(name: name, value: $0, origin: "default") }
        }
        let variable = ConfigurationKey.variable(path)
        let file = settings.files.file(of: path)
        let place = file.map { "\($0.path):\($0.line(of: path) ?? 0)" }
        return SettingOrigin(
            name: name, value: key.isSecret ? masked(values) : withoutUsers(values),
            origin: settings.environment[variable] != nil ? variable : place ?? "environment")
    }

    /// An address without what lets its holder in.
    private static func masked(_ url: String) -> String {
        let parts = url.unicodeScalars.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count >= 3 else { return "***" }
        let host = parts[2].split(separator: "@").last.map { String($0) } ?? ""
        return parts.count > 3 && !parts[3].isEmpty
            ? "\(String(parts[0]))//\(host)/***" : "\(String(parts[0]))//\(host)"
    }

    /// Addresses without names and passwords in front of their hosts.
    private static func withoutUsers(_ text: String) -> String {
        let parts = text.split(bytes: "://")
        return parts.dropFirst().reduce(String(parts[0])) { shown, part in
            let authority = part.unicodeScalars.prefix { $0 != "/" && $0 != " " && $0 != "," }
            guard let at = authority.lastIndex(of: "@") else { return shown + "://" + part }
            return shown + "://***" + String(part.unicodeScalars[at...])
        }
    }
}
