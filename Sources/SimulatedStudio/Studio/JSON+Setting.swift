import JSON

extension JSON {
    /// Puts a value where a pointer leads, and makes what is missing on the way. The inverse of `subscript(pointer:)`.
    mutating func set(_ value: JSON, at pointer: JSONPointer) {
        set(value, at: pointer.tokens[...])
    }

    /// Puts a value where the tokens of a pointer lead.
    ///
    /// A token that is the index of an element, or the next one, goes into an array; `0` makes an array where nothing
    /// was. Any other token is a name: what is no object yet becomes one.
    mutating func set(_ value: JSON, at tokens: ArraySlice<String>) {
        guard let token = tokens.first else {
            self = value
            return
        }
        let rest = tokens.dropFirst()
        if self == .null, token == "0" { self = .array([]) }
        if case .array(var elements) = self, let index = Int(token), (0...elements.count).contains(index) {
            if index == elements.count { elements.append(.null) }
            elements[index].set(value, at: rest)
            self = .array(elements)
            return
        }
        var members = self.members ?? []
        let index = members.firstIndex { $0.name == token } ?? members.count
        if index == members.count { members.append(JSONMember(name: token, value: .null)) }
        members[index].value.set(value, at: rest)
        self = .object(members)
    }
}
