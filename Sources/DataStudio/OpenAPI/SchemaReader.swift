import JSON

/// Makes schemas of a document's, following references as far as they lead.
struct SchemaReader {
    private let root: JSON
    /// References that lead nowhere.
    private(set) var broken: Set<String> = []
    /// How many more schemas are read: documents may refer to themselves in many ways.
    private var budget = 200_000

    /// Deeper than that no field is looked for.
    private static let deepest = 7
    private static let mostReferences = 32
    private static let deepestComposition = 8

    init(root: JSON) {
        self.root = root
    }

    /// What a value that may be a reference stands for; the value itself where the reference leads nowhere.
    mutating func resolved(_ json: JSON) -> JSON {
        resolvedWithName(json).json
    }

    private mutating func resolvedWithName(_ json: JSON) -> (json: JSON, name: String?) {
        var json = json
        var name: String?
        for _ in 0..<Self.mostReferences {
            guard let reference = json["$ref"]?.text else { return (json, name) }
            guard reference.hasPrefix("#"), let pointer = JSONPointer(String(reference.dropFirst()).percentDecoded()),
                let target = root[pointer: pointer]
            else {
                broken.insert(reference)
                return (json, name)
            }
            name = pointer.tokens.last
            json = target
        }
        return (.object([]), name)
    }

    /// - Parameter composition: how many `allOf`, `oneOf` and `anyOf` it stands in without a property between them.
    mutating func schema(_ json: JSON?, depth: Int = 0, composition: Int = 0) -> Schema {
        budget -= 1
        guard let json, budget > 0, depth < Self.deepest, composition < Self.deepestComposition else { return Schema() }
        let (resolved, name) = resolvedWithName(json)
        var schema = Schema()
        schema.name = name ?? resolved["title"]?.text
        schema.text = resolved["description"]?.text ?? ""
        schema.format = resolved["format"]?.text
        schema.defaultValue = resolved["default"]
        schema.example = resolved["example"] ?? resolved["examples"]?.elements?.first
        schema.minimum = Self.integer(resolved["minimum"])
        schema.maximum = Self.integer(resolved["maximum"])
        schema.words = (resolved["enum"]?.elements ?? []).compactMap(\.text)
        if let constant = resolved["const"]?.text { schema.words.append(constant) }
        schema.required = Set((resolved["required"]?.elements ?? []).compactMap(\.text))
        for property in resolved["properties"]?.members ?? [] {
            schema.properties.append((property.name, self.schema(property.value, depth: depth + 1)))
        }
        if let items = resolved["items"] { schema.items = [self.schema(items, depth: depth + 1)] }
        schema.kind = Self.kind(resolved, schema)
        // All parts hold at once; of alternatives one does, and its fields may be there.
        for part in resolved["allOf"]?.elements ?? [] {
            schema.merge(self.schema(part, depth: depth, composition: composition + 1))
        }
        for name in ["oneOf", "anyOf"] {
            for part in resolved[name]?.elements ?? [] where part["type"]?.text != "null" {
                schema.merge(self.schema(part, depth: depth, composition: composition + 1))
            }
        }
        return schema
    }

    private static func integer(_ json: JSON?) -> Int64? {
        switch json {
        case .integer(let number): number
        case .number(let number): Int64(exactly: number)
        default: nil
        }
    }

    private static func kind(_ json: JSON, _ schema: Schema) -> Schema.Kind {
        let types = json["type"]?.text.map { [$0] } ?? (json["type"]?.elements ?? []).compactMap(\.text)
        switch types.first(where: { $0 != "null" }) {
        case "object": return .object
        case "array": return .array
        case "string": return .string
        case "integer": return .integer
        case "number": return .number
        case "boolean": return .boolean
        default:
            if !schema.properties.isEmpty { return .object }
            if !schema.items.isEmpty { return .array }
            return schema.words.isEmpty ? .unknown : .string
        }
    }
}

extension Schema {
    /// Takes over what another one says besides.
    fileprivate mutating func merge(_ other: Schema) {
        if kind == .unknown { kind = other.kind }
        name = name ?? other.name
        format = format ?? other.format
        minimum = minimum ?? other.minimum
        maximum = maximum ?? other.maximum
        defaultValue = defaultValue ?? other.defaultValue
        example = example ?? other.example
        if text.isEmpty { text = other.text }
        words += other.words.filter { !words.contains($0) }
        required.formUnion(other.required)
        if items.isEmpty { items = other.items }
        for property in other.properties where !properties.contains(where: { $0.name == property.name }) {
            properties.append(property)
        }
    }
}
