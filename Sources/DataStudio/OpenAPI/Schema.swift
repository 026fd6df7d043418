import JSON

/// What a document says of the form of a value, with its references followed.
struct Schema: Sendable {
    enum Kind: Sendable {
        case object, array, string, integer, number, boolean, unknown
    }

    var kind = Kind.unknown
    /// The last name it was referred to by.
    var name: String?
    var format: String?
    /// The words a text may be, if they are listed.
    var words: [String] = []
    var properties: [(name: String, schema: Schema)] = []
    /// Names of properties that have to be there.
    var required: Set<String> = []
    /// Of an array; none or one.
    var items: [Schema] = []
    var defaultValue: JSON?
    var example: JSON?
    var minimum: Int64?
    var maximum: Int64?
    var text = ""

    var isScalar: Bool {
        switch kind {
        case .string, .integer, .number: true
        case .object, .array, .boolean, .unknown: false
        }
    }

    /// True for what can be an instant: a text or number that says so, or does not say otherwise.
    var canBeTime: Bool {
        switch kind {
        case .string: words.isEmpty && (format == nil || format == "date-time" || format == "date")
        case .integer, .number: true
        case .unknown: true
        case .object, .array, .boolean: false
        }
    }

    /// A value inside of this one, with the way to it.
    struct Field {
        let tokens: [String]
        let schema: Schema

        var pointer: JSONPointer { JSONPointer(tokens: tokens) }
        /// The words of all names on the way.
        var words: [String] { tokens.flatMap(NameWords.of) }
        /// The words of its own name.
        var ownWords: [String] { tokens.last.map(NameWords.of) ?? [] }
    }

    /// All that an object holds down to a depth, outer ones first.
    func fields(depth: Int = 3) -> [Field] {
        var fields: [Field] = []
        var level: [(tokens: [String], schema: Schema)] = [([], self)]
        for _ in 0..<depth {
            var next: [(tokens: [String], schema: Schema)] = []
            for (tokens, schema) in level {
                for property in schema.properties {
                    let field = Field(tokens: tokens + [property.name], schema: property.schema)
                    fields.append(field)
                    next.append((field.tokens, property.schema))
                }
            }
            level = next
        }
        return fields
    }
}
