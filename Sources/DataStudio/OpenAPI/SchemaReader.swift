import JSON

/// Makes schemas of a document's, following references as far as they lead.
struct SchemaReader {
    private var index: DocumentIndex
    /// References that lead nowhere.
    private(set) var broken: Set<String> = []
    /// How much more is read, schemas and ten of their members each counting as one: documents may refer to themselves
    /// in many ways.
    private var budget = 200_000
    /// The words of the names of properties: the same names come back everywhere.
    private var words: [String: [String]] = [:]
    /// Likewise the states that words name.
    private var states: [String: JobState?] = [:]

    /// False if a part of the document was left out for its size.
    var isWhole: Bool { budget > 0 }

    /// Deeper than that no field is looked for.
    private static let deepest = 7
    private static let mostReferences = 32
    private static let deepestComposition = 8
    /// What is longer is neither the name of a field nor a state.
    private static let longestName = 200

    init(root: JSON) {
        index = DocumentIndex(root)
    }

    /// What a value that may be a reference stands for; the value itself where the reference leads nowhere.
    mutating func resolved(_ json: JSON) -> JSON {
        budget -= 1
        return resolvedWithName(json).json
    }

    /// The members of an object that several references may lead to.
    mutating func members(of json: JSON?) -> [JSONMember] {
        let members = json?.members ?? []
        budget -= members.count / 10
        return budget > 0 ? members : []
    }

    private mutating func resolvedWithName(_ json: JSON) -> (json: JSON, name: String?) {
        var json = json
        var name: String?
        guard !members(of: json).isEmpty else { return (json, name) }
        for _ in 0..<Self.mostReferences {
            guard let reference = json["$ref"]?.text else { return (json, name) }
            guard reference.hasPrefix("#"), let pointer = JSONPointer(String(reference.dropFirst()).percentDecoded()),
                let target = index.target(of: pointer)
            else {
                broken.insert(reference)
                return (json, name)
            }
            name = pointer.tokens.last
            json = target
            guard !members(of: json).isEmpty else { break }
        }
        return (.object([]), name)
    }

    /// - Parameter composition: how many `allOf`, `oneOf` and `anyOf` it stands in without a property between them.
    mutating func schema(_ json: JSON?, depth: Int = 0, composition: Int = 0) -> Schema {
        budget -= 1
        guard let json, budget > 0, depth < Self.deepest, composition < Self.deepestComposition else { return Schema() }
        let (resolved, name) = resolvedWithName(json)
        var schema = Schema()
        schema.name = Self.name(name ?? resolved["title"]?.text)
        schema.text = Self.beginning(of: resolved["description"]?.text)
        schema.format = resolved["format"]?.text
        schema.defaultValue = resolved["default"]
        schema.example = resolved["example"] ?? resolved["examples"]?.elements?.first
        schema.minimum = Self.integer(resolved["minimum"])
        schema.maximum = Self.integer(resolved["maximum"])
        let words = (resolved["enum"]?.elements ?? []).prefix(Schema.mostWords).compactMap(\.text)
        for word in words + [resolved["const"]?.text].compactMap({ $0 }) where word.utf8.count <= Self.longestName {
            schema.add(word: word, state(of: word))
        }
        let required = resolved["required"]?.elements ?? []
        budget -= (schema.words.count + required.count) / 10
        schema.required = Set(required.compactMap(\.text))
        for property in resolved["properties"]?.members ?? []
        where budget > 0 && property.name.utf8.count <= Self.longestName {
            schema.add(
                Schema.Property(
                    name: property.name, words: self.words(of: property.name),
                    schema: self.schema(property.value, depth: depth + 1)))
        }
        if let items = resolved["items"] { schema.items = [self.schema(items, depth: depth + 1)] }
        schema.kind = Self.kind(resolved, schema)
        // All parts hold at once; of alternatives one does, and its fields may be there.
        for part in resolved["allOf"]?.elements ?? [] where budget > 0 {
            schema.merge(self.schema(part, depth: depth, composition: composition + 1))
        }
        for name in ["oneOf", "anyOf"] {
            for part in resolved[name]?.elements ?? [] where budget > 0 && part["type"]?.text != "null" {
                schema.merge(self.schema(part, depth: depth, composition: composition + 1))
            }
        }
        return schema
    }

    /// Of a description that may be long, and that several references may lead to.
    static func beginning(of text: String?) -> String { String((text ?? "").prefix(1_000)) }

    /// The same of a name.
    static func name(_ text: String?) -> String? { text.map { String($0.prefix(longestName)) } }

    private mutating func words(of name: String) -> [String] {
        if let known = words[name] { return known }
        let found = NameWords.of(name)
        words[name] = found
        return found
    }

    private mutating func state(of word: String) -> JobState? {
        if let known = states[word] { return known }
        let found = StateWords.state(of: word)
        states[word] = .some(found)
        return found
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
        addWords(of: other)
        required.formUnion(other.required)
        if items.isEmpty { items = other.items }
        for property in other.properties { add(property) }
    }
}
