import JSON

/// What the body of a start is made of, by the names of its properties.
struct StartBody {
    private(set) var names = OperationDescription.BodyNames()
    /// Properties that have to be there and are none of ours.
    private(set) var unknown: [String] = []

    init(_ schema: Schema?) {
        guard let schema else { return }
        // Only the top of a body can be named.
        names.label = FieldFinder.label(in: schema, of: "workflow", depth: 1)?.field.tokens.first
        for property in schema.properties where property.name != names.label {
            let words = NameWords.of(property.name)
            if !read(property.name, words, property.schema), schema.required.contains(property.name) {
                unknown.append(property.name)
            }
        }
    }

    private mutating func read(_ name: String, _ words: [String], _ schema: Schema) -> Bool {
        if words.has("space"), schema.kind != .object, schema.kind != .array {
            // Of `spaceId` and `spaceExternalLabel` the label is ours.
            if names.space == nil || words.has("label") { names.space = name }
        } else if words.has("dependency", "dependent") {
            names.dependencies = name
        } else if words.has("version"), schema.kind != .object {
            names.version = name
        } else if words.has("refresh", "reload"), schema.kind == .boolean || schema.kind == .unknown {
            names.refresh = name
        } else if words.has("parameter", "param", "variable"), schema.kind == .object || schema.kind == .unknown {
            names.parameters = name
        } else if words.has("source", "input"), schema.kind == .array, let item = schema.items.first {
            readSource(name, item)
        } else {
            return false
        }
        return true
    }

    private mutating func readSource(_ name: String, _ item: Schema) {
        var source: String?
        var dataset: String?
        var columns: String?
        for property in item.properties {
            let words = NameWords.of(property.name)
            if words.has("column", "mapping", "map") {
                columns = property.name
            } else if words.has("dataset") {
                if dataset == nil || words.has("label") { dataset = property.name }
            } else if words.has("source", "step") {
                if source == nil || words.has("label") { source = property.name }
            }
        }
        guard let source, let dataset else { return }
        names.sources = name
        names.source = source
        names.dataset = dataset
        names.columns = columns
    }
}
