import DataStudio
import Yams

/// The search of a configuration file for what no setting is known for.
enum ConfigurationKeys {
    /// Everything wrong with a file's form, with its line. The search ends when there is more than is reported.
    static func problems(in root: Node, file: String) -> [String] {
        var problems: [String] = []
        find(in: root, at: [], among: ConfigurationKey.all, file, &problems)
        return problems.count > ConfigurationError.most ? problems : problems + conflicts(in: root, file)
    }

    private static func find(
        in node: Node, at path: [String], among keys: [ConfigurationKey], _ file: String, _ problems: inout [String]
    ) {
        guard let mapping = node.mapping else {
            let what =
                path.isEmpty
                ? "a mapping of settings was expected" : "\(shown(path)) has to be a mapping"
            problems.append("\(place(node, file)): \(what)")
            return
        }
        for (key, value) in mapping where problems.count <= ConfigurationError.most {
            guard let name = key.string else {
                problems.append("\(place(key, file)): names of settings are texts")
                continue
            }
            let own = path + [name]
            let fitting = keys.filter { [name, "*"].contains($0.path[path.count]) }
            if fitting.isEmpty {
                let known = Set(keys.map { $0.path[path.count] }).sorted()
                problems.append(
                    "\(place(key, file)): unknown setting \"\(shown(own))\""
                        + Spelling.suggestion(for: name, among: known))
            } else if let leaf = fitting.first(where: { $0.path.count == own.count }) {
                let isFine =
                    value.scalar != nil || (leaf.isList && value.sequence?.allSatisfy { $0.scalar != nil } == true)
                if !isFine {
                    let what = leaf.isList ? "a list of values" : "one value"
                    problems.append("\(place(key, file)): \(shown(own)) takes \(what)")
                }
            } else {
                find(in: value, at: own, among: fitting, file, &problems)
            }
        }
    }

    /// A path as messages name it: a name may be as long as the file.
    private static func shown(_ path: [String]) -> String {
        path.map { $0.count > 100 ? $0.prefix(100) + "…" : $0 }.joined(separator: ".")
    }

    private static func conflicts(in root: Node, _ file: String) -> [String] {
        ConfigurationKey.alternatives.flatMap { names -> [String] in
            let paths = names.map { $0.split(separator: ".").map(String.init) }
            guard let path = paths.first else { return [] }
            return mappings(at: path.dropLast(), in: root, named: []).compactMap { name, mapping, node in
                let given = paths.compactMap(\.last).filter { mapping[Node($0)] != nil }
                return given.count < 2
                    ? nil : "\(place(node, file)): \(name) has \(given.joined(separator: " and ")): one was expected"
            }
        }
    }

    /// The mappings that a path leads to.
    private static func mappings(
        at path: ArraySlice<String>, in node: Node, named names: [String]
    ) -> [(String, Node.Mapping, Node)] {
        guard let mapping = node.mapping else { return [] }
        guard let next = path.first else { return [(names.joined(separator: "."), mapping, node)] }
        return mapping.flatMap { key, value -> [(String, Node.Mapping, Node)] in
            guard let name = key.string, next == "*" || next == name else { return [] }
            return mappings(at: path.dropFirst(), in: value, named: names + [name])
        }
    }

    static func place(_ node: Node, _ file: String) -> String {
        node.mark.map { "\(file):\($0.line)" } ?? file
    }
}
