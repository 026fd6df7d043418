/// A Lua value as the host sees it.
///
/// Integers and floats stay apart, so that `9007199254740993` survives the way through the host. Tables and functions
/// that come from a script arrive as a ``LuaReference``, never as a copy: ``LuaVM/entries(of:)`` reads a table one
/// level deep.
public enum LuaValue: Sendable {
    case `nil`
    case boolean(Bool)
    case integer(Int64)
    case number(Double)
    /// A string that is valid UTF-8.
    case string(String)
    /// A string that is not valid UTF-8.
    case bytes([UInt8])
    /// A table that the host builds. A script's table arrives as `reference`.
    case table(LuaTable)
    case reference(LuaReference)
    case handle(LuaHandle)

    /// Lua's truth: everything but `nil` and `false`.
    public var isTrue: Bool {
        switch self {
        case .nil, .boolean(false): false
        default: true
        }
    }

    /// True for `nil` only.
    public var isNil: Bool {
        if case .nil = self { true } else { false }
    }

    /// The text of a string that is valid UTF-8. Numbers are not converted.
    public var text: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// An integer, or a float that is one. Strings are not converted.
    public var integer: Int64? {
        switch self {
        case .integer(let number): number
        case .number(let number): Int64(exactly: number)
        default: nil
        }
    }

    /// Any number. An integer beyond 2⁵³ may be rounded; strings are not converted.
    public var double: Double? {
        switch self {
        case .integer(let number): Double(number)
        case .number(let number): number
        default: nil
        }
    }

    /// The referenced table.
    public var tableReference: LuaReference? {
        if case .reference(let reference) = self, reference.kind == .table { reference } else { nil }
    }

    /// The referenced function.
    public var function: LuaReference? {
        if case .reference(let reference) = self, reference.kind == .function { reference } else { nil }
    }

    /// The name Lua gives the type; `handle` for handles.
    public var typeName: String {
        switch self {
        case .nil: "nil"
        case .boolean: "boolean"
        case .integer, .number: "number"
        case .string, .bytes: "string"
        case .table: "table"
        case .reference(let reference): reference.kind.rawValue
        case .handle: "handle"
        }
    }
}

extension LuaValue: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral {
    /// A string.
    public init(stringLiteral value: String) { self = .string(value) }
    /// A boolean.
    public init(booleanLiteral value: Bool) { self = .boolean(value) }
}
