/// A JSON value. Integers stay apart from other numbers, and members keep their order.
package enum JSON: Hashable, Sendable {
    case null
    case boolean(Bool)
    case integer(Int64)
    case number(Double)
    case string(String)
    case array([JSON])
    case object([JSONMember])

    /// The text of a string.
    package var text: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The elements of an array.
    package var elements: [JSON]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    /// The members of an object.
    package var members: [JSONMember]? {
        if case .object(let members) = self { members } else { nil }
    }

    /// An object whose members that have no value are left out.
    package static func record(_ members: KeyValuePairs<String, JSON?>) -> JSON {
        .object(members.compactMap { name, value in value.map { JSONMember(name: name, value: $0) } })
    }

    /// The member of that name: the exact one, else the first that differs in ASCII case only.
    package subscript(name: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value ?? members.first { $0.name.isEqualIgnoringCase(name) }?.value
    }

    /// The value a JSON pointer (RFC 6901) leads to; the empty pointer is the value itself. Names as in the subscript.
    package subscript(pointer pointer: JSONPointer) -> JSON? {
        pointer.tokens.reduce(self as JSON?) { value, token in
            if case .array(let elements) = value, let index = Int(token) {
                return elements.indices.contains(index) ? elements[index] : nil
            }
            return value?[token]
        }
    }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral
{
    /// A string.
    package init(stringLiteral value: String) { self = .string(value) }
    /// A whole number.
    package init(integerLiteral value: Int64) { self = .integer(value) }
    /// True or false.
    package init(booleanLiteral value: Bool) { self = .boolean(value) }
    /// An array in that order.
    package init(arrayLiteral elements: JSON...) { self = .array(elements) }
}
