import JSON

/// Follows the references of a document: each object on the way is looked through once, however many lead through it.
struct DocumentIndex {
    private struct Place {
        let json: JSON
        /// The places of members by their names; `nil`: not looked through yet.
        var exact: [String: Int]?
        /// The same by their names in small letters, for references that are written otherwise.
        var folded: [String: Int] = [:]
        var elements: [Int: Int] = [:]
    }

    private var places: [Place]

    init(_ root: JSON) {
        places = [Place(json: root)]
    }

    /// What a pointer leads to, by the rules of ``JSON/subscript(pointer:)``.
    mutating func target(of pointer: JSONPointer) -> JSON? {
        var place = 0
        for token in pointer.tokens {
            guard let next = child(token, of: place) else { return nil }
            place = next
        }
        return places[place].json
    }

    private mutating func child(_ token: String, of place: Int) -> Int? {
        switch places[place].json {
        case .array(let elements):
            guard let index = Int(token), elements.indices.contains(index) else { return nil }
            if let known = places[place].elements[index] { return known }
            places[place].elements[index] = add(elements[index])
            return places[place].elements[index]
        case .object(let members):
            if places[place].exact == nil { look(through: members, of: place) }
            return places[place].exact?[token] ?? places[place].folded[token.lowercased()]
        default: return nil
        }
    }

    /// Of two members with one name the first counts.
    private mutating func look(through members: [JSONMember], of place: Int) {
        var exact: [String: Int] = [:]
        var folded: [String: Int] = [:]
        for member in members where exact[member.name] == nil {
            let child = add(member.value)
            exact[member.name] = child
            let name = member.name.lowercased()
            if folded[name] == nil { folded[name] = child }
        }
        places[place].exact = exact
        places[place].folded = folded
    }

    private mutating func add(_ json: JSON) -> Int {
        places.append(Place(json: json))
        return places.count - 1
    }
}
