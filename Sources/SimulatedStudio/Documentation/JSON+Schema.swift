import DataStudio
import JSON

extension JSON {
    /// The OpenAPI 3.0 schema of values like this one.
    ///
    /// Times in ISO 8601 are `date-time`; an object without members holds strings under any name.
    ///
    /// - Parameter other: another such value. What is null there may be null.
    func schema(nullableIn other: JSON? = nil) -> JSON {
        let nullable: JSON? = self == .null || other == .null ? true : nil
        return switch self {
        case .null: .record(["nullable": nullable])
        case .boolean: .record(["type": "boolean", "nullable": nullable])
        case .integer: .record(["type": "integer", "format": "int64", "nullable": nullable])
        case .number: .record(["type": "number", "nullable": nullable])
        case .string(let text):
            .record([
                "type": "string", "format": Timestamp(iso8601: text) == nil ? nil : "date-time", "nullable": nullable,
            ])
        case .array(let elements):
            .record([
                "type": "array", "items": elements.first?.schema(nullableIn: other?.elements?.first) ?? .object([]),
                "nullable": nullable,
            ])
        case .object(let members) where members.isEmpty:
            .record([
                "type": "object", "additionalProperties": .record(["type": "string"]), "nullable": nullable,
            ])
        case .object(let members):
            .record([
                "type": "object",
                "properties": .object(
                    members.map { JSONMember(name: $0.name, value: $0.value.schema(nullableIn: other?[$0.name])) }
                ),
                "nullable": nullable,
            ])
        }
    }
}
