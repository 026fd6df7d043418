package import JSON
package import Yams

/// Reads the nodes of a YAML document and keeps going after an error, so that all of them are reported together.
package struct YAMLReader {
    /// What has been found so far.
    package private(set) var problems: [YAMLProblems.Problem] = []

    /// So many problems of a document are reported: nobody reads more.
    private static let most = 50

    /// What stands where somebody has to fill in a value: `"?"`.
    package static let blank = "?"

    /// A reader that has found nothing wrong yet.
    package init() {}

    /// Reads a whole document with what `read` makes of its root.
    ///
    /// - Parameters:
    ///   - what: what messages call the document, as `the scenario`.
    ///   - needs: what an empty one is told to have.
    package static func document<Value>(
        _ text: String, _ what: String, needs: String, _ read: (inout YAMLReader, Node) -> Value
    ) throws(YAMLProblems) -> Value {
        let root: Node?
        do {
            root = try Yams.compose(yaml: text)
        } catch {
            throw YAMLProblems([.init(message: "not YAML: \(error)")])
        }
        guard let root else { throw YAMLProblems([.init(message: "\(what) is empty: it needs \(needs)")]) }
        var reader = YAMLReader()
        let value = read(&reader, root)
        guard reader.problems.isEmpty else { throw YAMLProblems(reader.problems) }
        return value
    }

    /// Notes a problem.
    package mutating func report(_ node: Node?, _ place: String, _ message: @autoclosure () -> String) {
        guard problems.count < Self.most else { return }
        problems.append(.init(place: place, line: node?.mark?.line, message: message()))
    }

    /// The members of a mapping with their places. An empty value is an empty mapping.
    ///
    /// - Parameter known: `nil` if any key will do. A key that is not known is reported and left out.
    package mutating func members(
        of node: Node, at place: String, known: [String]?
    ) -> [(name: String, place: String, value: Node)] {
        guard let mapping = node.mapping else {
            if !Self.isEmpty(node) || place.isEmpty {
                report(node, place, "\(place.isEmpty ? "it " : "")has to be a mapping of keys to values")
            }
            return []
        }
        var members: [(name: String, place: String, value: Node)] = []
        for (key, value) in mapping {
            guard let name = key.scalar?.string, !name.isEmpty else {
                report(key, place, "a key has to be a text")
                continue
            }
            let place = place.isEmpty ? name : "\(place).\(name)"
            if let known, !known.contains(name) {
                report(
                    key, place,
                    "unknown key\(Spelling.suggestion(for: name, among: known)): known here are "
                        + known.joined(separator: ", "))
            } else {
                members.append((name, place, value))
            }
        }
        return members
    }

    // MARK: Values

    /// A text that is not empty and no blank.
    package mutating func text(_ node: Node, _ place: String, canBeEmpty: Bool = false) -> String? {
        guard let scalar = node.scalar, canBeEmpty || (!scalar.string.isEmpty && !Self.isEmpty(node)) else {
            report(node, place, "has to be a text")
            return nil
        }
        guard scalar.string != Self.blank else {
            report(node, place, "is not filled in: replace \"?\", or remove what needs it")
            return nil
        }
        return scalar.string
    }

    /// The elements of a list with their places.
    package mutating func list(_ node: Node, _ place: String) -> [(Node, String)] {
        guard let sequence = node.sequence else {
            report(node, place, "has to be a list, as [a, b]")
            return []
        }
        return sequence.enumerated().map { ($1, "\(place)[\($0)]") }
    }

    /// A duration that is not negative.
    package mutating func duration(_ node: Node, _ place: String) -> Duration? {
        guard let duration = node.scalar.flatMap({ Duration(text: $0.string) }) else {
            report(node, place, "has to be a duration up to 366 days: seconds, or as 500ms, 90s, 5m, 2h, 1h30m")
            return nil
        }
        return duration
    }

    /// A whole number in the range.
    package mutating func integer(_ node: Node, _ place: String, in range: ClosedRange<Int>) -> Int? {
        guard let number = node.scalar.flatMap({ Int($0.string) }), range.contains(number) else {
            report(node, place, "has to be a whole number from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return number
    }

    /// `true` or `false`.
    package mutating func boolean(_ node: Node, _ place: String) -> Bool? {
        switch node.scalar?.string.lowercased() {
        case "true": return true
        case "false": return false
        default:
            report(node, place, "has to be true or false")
            return nil
        }
    }

    /// One of the words.
    package mutating func word<Word: RawRepresentable<String>>(
        _ node: Node, _ place: String, _ words: [Word]
    ) -> Word? {
        guard let text = text(node, place) else { return nil }
        if let word = words.first(where: { $0.rawValue == text }) { return word }
        let names = words.map(\.rawValue)
        let meant = Spelling.suggestion(for: text, among: names)
        report(node, place, "has to be \(names.joined(separator: " or "))\(meant)")
        return nil
    }

    /// A JSON pointer.
    package mutating func pointer(_ node: Node, _ place: String) -> JSONPointer? {
        guard let text = text(node, place, canBeEmpty: true) else { return nil }
        guard let pointer = JSONPointer(text) else {
            report(node, place, "has to be a JSON pointer, which begins with a slash, as /\(text); got \"\(text)\"")
            return nil
        }
        return pointer
    }

    /// True for what YAML reads as null.
    private static func isEmpty(_ node: Node) -> Bool {
        guard let scalar = node.scalar else { return false }
        return scalar.style == .plain && ["", "~", "null", "Null", "NULL"].contains(scalar.string)
    }
}
