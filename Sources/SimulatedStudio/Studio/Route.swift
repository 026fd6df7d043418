import DataStudio

/// One operation of an API description, ready to be compared with requests.
struct Route: Hashable {
    let operation: Operation
    /// In upper case.
    let method: String
    private let segments: [Segment]
    private let query: [QueryTemplate]

    private enum Segment: Hashable {
        case fixed(String)
        case open(Placeholder, TextTemplate)
    }

    private struct QueryTemplate: Hashable {
        let name: String
        let placeholder: Placeholder
        let template: TextTemplate
    }

    init(_ operation: Operation, _ description: OperationDescription, base: String) {
        self.operation = operation
        method = description.method.uppercased()
        segments = RequestTarget.segments(base + description.path).map { segment -> Segment in
            for placeholder in [Placeholder.jobId, .label] {
                if let template = TextTemplate(segment, placeholder) { return .open(placeholder, template) }
            }
            return .fixed(segment)
        }
        query = (description.query).flatMap { name, text in
            Placeholder.allCases.compactMap { placeholder in
                TextTemplate(text, placeholder).map {
                    QueryTemplate(name: name, placeholder: placeholder, template: $0)
                }
            }
        }
    }

    /// How many of the segments are not fixed.
    var placeholderCount: Int {
        segments.count { if case .open = $0 { true } else { false } }
    }

    /// The values of the placeholders, or `nil` if the path is another one. What is not in the query is left out.
    func values(in target: RequestTarget) -> [Placeholder: String]? {
        guard segments.count == target.segments.count else { return nil }
        var values: [Placeholder: String] = [:]
        for (segment, text) in zip(segments, target.segments) {
            switch segment {
            case .fixed(let fixed):
                guard fixed == text else { return nil }
            case .open(let placeholder, let template):
                guard let value = template.value(in: text) else { return nil }
                values[placeholder] = value
            }
        }
        for item in query {
            values[item.placeholder] = target.queryValue(item.name).flatMap { item.template.value(in: $0) }
        }
        return values
    }
}
