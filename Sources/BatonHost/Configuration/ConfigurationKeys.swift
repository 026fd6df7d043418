import DataStudio
import Yams

/// The keys a configuration file may have, and the search for others.
enum ConfigurationKeys {
    private static let top = ["server", "servers", "limits", "journal"]
    private static let server =
        ["url", "environment", "space", "api", "ca_file", "certificate_sha256", "max_parallel", "settle", "exclusive"]
        + keySources
    private static let keySources = ["api_key_file", "api_key_env", "api_key_command"]
    private static let limits = ["patience", "script_time", "memory", "resume_within"]

    /// Everything in a file that no key is known for, with its line.
    static func problems(in root: Node, file: String) -> [String] {
        guard let mapping = root.mapping else { return ["\(file): a mapping of settings was expected"] }
        var problems = unknown(mapping, top, "", file)
        for (name, node) in mapping["servers"]?.mapping ?? [:] {
            guard let fields = node.mapping else {
                problems.append("\(place(node, file)): servers.\(name.string ?? "?") has to be a mapping")
                continue
            }
            problems += unknown(fields, server, "servers.\(name.string ?? "?").", file)
            problems += lists(fields, "servers.\(name.string ?? "?").", file)
            problems += exclusive(keySources, in: fields, name.string ?? "?", node, file)
            problems += exclusive(["ca_file", "certificate_sha256"], in: fields, name.string ?? "?", node, file)
        }
        if let fields = mapping["limits"]?.mapping {
            problems += unknown(fields, limits, "limits.", file) + lists(fields, "limits.", file)
        }
        return problems
    }

    /// Of some settings a server has one at most.
    private static func exclusive(
        _ names: [String], in fields: Node.Mapping, _ server: String, _ node: Node, _ file: String
    ) -> [String] {
        let given = names.filter { fields[$0] != nil }
        guard given.count > 1 else { return [] }
        return [
            "\(place(node, file)): servers.\(server) has \(given.joined(separator: " and ")): one was expected"
        ]
    }

    /// Lists and mappings where a text or a number belongs.
    private static func lists(_ mapping: Node.Mapping, _ prefix: String, _ file: String) -> [String] {
        mapping.compactMap { key, value in
            value.scalar == nil ? "\(place(key, file)): \(prefix)\(key.string ?? "?") takes one value" : nil
        }
    }

    private static func unknown(_ mapping: Node.Mapping, _ known: [String], _ prefix: String, _ file: String)
        -> [String]
    {
        mapping.keys.compactMap { key in
            guard let name = key.string, !known.contains(name) else { return nil }
            return "\(place(key, file)): unknown setting \"\(prefix)\(name)\""
                + Spelling.suggestion(for: name, among: known)
        }
    }

    private static func place(_ node: Node, _ file: String) -> String {
        node.mark.map { "\(file):\($0.line)" } ?? file
    }
}
