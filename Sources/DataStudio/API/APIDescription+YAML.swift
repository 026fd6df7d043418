import Escaping
import JSON

extension APIDescription {
    /// The description as YAML, in the form that ``init(yaml:)`` reads.
    ///
    /// - Parameters:
    ///   - comments: lines that come first.
    ///   - notes: a comment for the line of an operation.
    package func yaml(comments: [String] = [], notes: [Operation: String] = [:]) -> String {
        var lines = comments.flatMap(\.lines).map { "# \(TextFormat.comment.escaped($0))" }
        lines += [
            "verified: \(verified)", "base: \(base.yaml)", "authentication: \(authentication.yaml)",
        ]
        if let zone { lines.append("zone: \(zone.name.yaml)") }
        lines += ["", "operations:"]
        for name in Operation.allCases {
            guard let operation = operations[name] else { continue }
            lines.append("  \(name.rawValue):" + (notes[name].map { "  # \(TextFormat.comment.escaped($0))" } ?? ""))
            lines += operation.yaml.map { "    " + $0 }
        }
        lines.append("")
        lines.append(
            Self.mapping(
                "job",
                [
                    ("id", job.id), ("label", job.label), ("state", job.state), ("created", job.created),
                    ("started", job.started), ("finished", job.finished), ("message", job.message), ("user", job.user),
                    ("space", job.space), ("parameters", job.parameters),
                ]))
        if operations[.listWorkflows] != nil {
            lines.append(
                Self.mapping(
                    "workflow", [("label", workflow.label), ("name", workflow.name), ("space", workflow.space)]))
        }
        if operations[.listSpaces] != nil {
            lines.append(Self.mapping("space", [("label", space.label), ("name", space.name)]))
        }
        if operations[.getDataset] != nil {
            lines.append(
                Self.mapping(
                    "dataset",
                    [("label", dataset.label), ("state", dataset.state), ("refreshed", dataset.refreshed)]))
        }
        if operations[.keyInformation] != nil {
            lines.append(Self.mapping("key", [("user", key.user), ("expires", key.expires)]))
        }
        lines.append(Self.mapping("error", [("message", error.message)]))
        lines += ["", "# The server's words and ours; one that is missing counts as not finished.", "states:"]
        let order = JobState.allCases
        lines += states.sorted { a, b in
            let (x, y) = (order.firstIndex(of: a.value) ?? 0, order.firstIndex(of: b.value) ?? 0)
            return x == y ? a.key < b.key : x < y
        }.map { "  \($0.key.yaml): \($0.value.rawValue)" }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func mapping(_ name: String, _ pointers: [(String, JSONPointer?)]) -> String {
        let given = pointers.compactMap { name, pointer in pointer.map { "\(name): \($0.yaml)" } }
        return "\(name): { \(given.joined(separator: ", ")) }"
    }
}

extension OperationDescription {
    fileprivate var yaml: [String] {
        var lines = ["method: \(method == YAMLReader.blank ? method.yaml : method)", "path: \(path.yaml)"]
        if !query.isEmpty {
            let items = query.sorted { $0.key < $1.key }.map { "\($0.key.yaml): \($0.value.yaml)" }
            lines.append("query: { \(items.joined(separator: ", ")) }")
        }
        if firstPage != 0 { lines.append("firstPage: \(firstPage)") }
        if let maxPageSize { lines.append("maxPageSize: \(maxPageSize)") }
        if includesQueued { lines.append("includesQueued: true") }
        let names: [(String, String?)] = [
            ("label", body.label), ("space", body.space), ("version", body.version),
            ("dependencies", body.dependencies),
            ("refresh", body.refresh), ("parameters", body.parameters), ("sources", body.sources),
            ("source", body.source), ("dataset", body.dataset), ("columns", body.columns),
        ]
        let given = names.compactMap { key, name in name.map { "\(key): \($0.yaml)" } }
        if !given.isEmpty { lines.append("body: { \(given.joined(separator: ", ")) }") }
        let places: [(String, JSONPointer?)] = [
            ("id", reply.id), ("object", reply.object), ("list", reply.list), ("pages", reply.pages),
            ("total", reply.total), ("more", reply.more), ("last", reply.last),
        ]
        let known = places.compactMap { key, pointer in pointer.map { "\(key): \($0.yaml)" } }
        if !known.isEmpty { lines.append("reply: { \(known.joined(separator: ", ")) }") }
        return lines
    }
}

extension JSONPointer {
    /// A blank stays one.
    fileprivate var yaml: String { tokens == [YAMLReader.blank] ? YAMLReader.blank.yaml : text.yaml }
}

extension String {
    /// As a scalar: in double quotes unless it is plainly a word or a path.
    fileprivate var yaml: String {
        let isPlain =
            !isEmpty
            && utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "_"), UInt8(ascii: "."):
                    true
                case UInt8(ascii: "-"): true
                default: false
                }
            } && first?.isLetter == true || hasPrefix("/") && !contains { "{}[],#&*!|>'\"%@`:? ".contains($0) }
        let words = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"]
        if isPlain, !words.contains(lowercased()), unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value < 0x7F }) {
            return self
        }
        var writer = JSONWriter()
        writer.string(self)
        return writer.text
    }
}
