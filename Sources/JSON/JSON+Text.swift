extension JSON {
    /// How deep arrays and objects of a text may be nested in each other.
    package static let maximumDepth = 200

    /// Reads a JSON text.
    ///
    /// - Throws: ``JSONError`` for what is no JSON, and for more than ``maximumDepth`` levels.
    package init(parsing bytes: [UInt8]) throws(JSONError) {
        self = try JSONParser.parse(bytes)
    }

    /// The value as compact JSON text, in the order of its members. Numbers that JSON does not have become `null`.
    package var jsonText: String {
        var writer = JSONWriter()
        write(to: &writer)
        return writer.text
    }

    private func write(to writer: inout JSONWriter) {
        switch self {
        case .null: writer.null()
        case .boolean(let value): writer.boolean(value)
        case .integer(let value): writer.integer(value)
        case .number(let value): writer.number(value)
        case .string(let value): writer.string(value)
        case .array(let elements):
            writer.beginArray()
            for element in elements { element.write(to: &writer) }
            writer.endArray()
        case .object(let members):
            writer.beginObject()
            for member in members {
                writer.name(member.name)
                member.value.write(to: &writer)
            }
            writer.endObject()
        }
    }
}
