import HTTPTypes
import JSON
import Yams

extension APIDescriptionReader {
    static func operations(
        _ yaml: inout YAMLReader, _ node: Node, _ place: String
    ) -> [Operation: OperationDescription] {
        var operations: [Operation: OperationDescription] = [:]
        let known = Operation.allCases.map(\.rawValue)
        for (name, place, value) in yaml.members(of: node, at: place, known: known) {
            guard let operation = Operation(rawValue: name) else { continue }
            operations[operation] = read(&yaml, operation, value, place)
        }
        return operations
    }

    private static func read(
        _ yaml: inout YAMLReader, _ operation: Operation, _ node: Node, _ place: String
    ) -> OperationDescription? {
        var method: String?
        var path: String?
        var read = OperationDescription(method: "", path: "")
        var known = ["method", "path", "query", "reply"]
        if isList(operation) { known += ["firstPage", "maxPageSize"] }
        if operation == .listJobs { known.append("includesQueued") }
        if takesLabel(operation) { known.append("body") }
        for (name, place, value) in yaml.members(of: node, at: place, known: known) {
            switch name {
            case "method":
                method = self.method(&yaml, value, place)
                if let given = method, operation.isHarmless, given != "GET", !(isList(operation) && given == "POST") {
                    yaml.report(value, place, "has to be GET: Baton asks as often as it likes; got \(given)")
                }
            case "path": path = self.path(&yaml, operation, value, place)
            case "query":
                for (name, place, value) in yaml.members(of: value, at: place, known: nil) {
                    guard let text = yaml.text(value, place) else { continue }
                    checkPlaceholders(&yaml, in: text, among: placeholders(operation), value, place)
                    read.query[name] = text
                }
            case "firstPage": yaml.integer(value, place, in: 0...1).map { read.firstPage = $0 }
            case "maxPageSize": read.maxPageSize = yaml.integer(value, place, in: 1...1_000_000)
            case "includesQueued": read.includesQueued = yaml.boolean(value, place) ?? false
            case "body": body(&yaml, operation, value, place, &read.body)
            default: reply(&yaml, operation, value, place, &read.reply)
            }
        }
        for (name, value) in [("method", method), ("path", path)] where value == nil {
            // What is there and wrong has been told already.
            if node.mapping?[name] == nil { yaml.report(node, "\(place).\(name)", "is missing") }
        }
        guard let method, let path else { return nil }
        read.method = method
        read.path = path
        if takesLabel(operation), read.body.label == nil, !path.contains(Placeholder.label.inBraces),
            !read.query.values.contains(where: { $0.contains(Placeholder.label.inBraces) }),
            node.mapping?["body"]?.mapping?["label"] == nil
        {
            yaml.report(node, place, "the label has no place: it needs body.label, or {label} in its path")
        }
        return read
    }

    private static func isList(_ operation: Operation) -> Bool {
        [.listJobs, .listWorkflows, .listSpaces].contains(operation)
    }

    private static func takesLabel(_ operation: Operation) -> Bool {
        [.executeWorkflow, .getDataset, .refreshDataset, .executeSchedule].contains(operation)
    }

    /// What a path or query of the operation may have in braces.
    private static func placeholders(_ operation: Operation) -> [Placeholder] {
        switch operation {
        case .getJob, .cancelJob: [.jobId]
        case .executeWorkflow, .getDataset, .refreshDataset, .executeSchedule: [.label]
        case .listJobs:
            [.page, .offset, .pageSize, .createdAfter, .createdAfterSeconds, .createdAfterMilliseconds, .label]
        case .listWorkflows, .listSpaces: [.page, .offset, .pageSize]
        case .keyInformation: []
        }
    }

    private static func method(_ yaml: inout YAMLReader, _ node: Node, _ place: String) -> String? {
        guard let text = yaml.text(node, place) else { return nil }
        guard ["GET", "POST", "PUT", "PATCH", "DELETE"].contains(text.uppercased()) else {
            yaml.report(node, place, "has to be GET, POST, PUT, PATCH or DELETE; got \"\(text)\"")
            return nil
        }
        return text.uppercased()
    }

    private static func path(
        _ yaml: inout YAMLReader, _ operation: Operation, _ node: Node, _ place: String
    ) -> String? {
        guard let text = yaml.text(node, place) else { return nil }
        guard text.hasPrefix("/"), !text.contains("?"), !text.contains("#"),
            text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else {
            yaml.report(node, place, "has to be a path as /jobs/{jobId}, without a query; got \"\(text)\"")
            return nil
        }
        let allowed = placeholders(operation).filter { $0 == .jobId || $0 == .label }
        checkPlaceholders(&yaml, in: text, among: allowed, node, place)
        if [.getJob, .cancelJob].contains(operation), !text.contains(Placeholder.jobId.inBraces),
            !text.contains("{")
        {
            yaml.report(node, place, "has no {jobId}: every job would be the same")
        }
        return text
    }

    private static func checkPlaceholders(
        _ yaml: inout YAMLReader, in text: String, among known: [Placeholder], _ node: Node, _ place: String
    ) {
        for part in text.split(separator: "{", omittingEmptySubsequences: false).dropFirst() {
            let name = String(part.prefix { $0 != "}" })
            guard !known.contains(where: { $0.rawValue == name }) else { continue }
            let names = known.map(\.inBraces).joined(separator: ", ")
            yaml.report(
                node, place, "unknown placeholder {\(name)}: known here are \(names.isEmpty ? "none" : names)")
        }
    }

    private static func body(
        _ yaml: inout YAMLReader, _ operation: Operation, _ node: Node, _ place: String,
        _ names: inout OperationDescription.BodyNames
    ) {
        var fields: KeyValuePairs<String, WritableKeyPath<OperationDescription.BodyNames, String?>> = [
            "label": \.label, "space": \.space, "version": \.version, "dependencies": \.dependencies,
            "refresh": \.refresh, "parameters": \.parameters, "sources": \.sources, "source": \.source,
            "dataset": \.dataset, "columns": \.columns,
        ]
        if operation != .executeWorkflow { fields = ["label": \.label] }
        for (name, place, value) in yaml.members(of: node, at: place, known: fields.map(\.key)) {
            guard let field = fields.first(where: { $0.key == name })?.value else { continue }
            names[keyPath: field] = yaml.text(value, place)
        }
        if names.sources != nil, names.source == nil || names.dataset == nil {
            yaml.report(node, "\(place).sources", "needs source and dataset beside it: the names inside an entry")
        }
    }

    private static func reply(
        _ yaml: inout YAMLReader, _ operation: Operation, _ node: Node, _ place: String,
        _ fields: inout OperationDescription.ReplyFields
    ) {
        switch operation {
        case .executeWorkflow: pointers(&yaml, node, place, &fields, ["id": \.id])
        case .listJobs, .listWorkflows, .listSpaces:
            pointers(
                &yaml, node, place, &fields,
                ["list": \.list, "pages": \.pages, "total": \.total, "more": \.more, "last": \.last])
        default: pointers(&yaml, node, place, &fields, ["object": \.object])
        }
    }
}
