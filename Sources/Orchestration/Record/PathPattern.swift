/// A pattern that paths from the root on match, name by name: `*` stands for any characters, `?` for one, `[a-z]` and `[!a-z]`
/// for one of a set. A name that begins with a dot is matched by a pattern that begins with one.
package struct PathPattern: Hashable, Sendable {
    /// What stands between the slashes.
    package let names: [String]

    /// Reads a pattern.
    ///
    /// - Throws: for what is none, with the words for a person.
    package init(_ text: String) throws(PathPatternError) {
        guard text.hasPrefix("/") else {
            throw PathPatternError("a path from the root on was expected; got \"\(text)\"")
        }
        names = text.split(separator: "/").map(String.init)
        for name in names {
            guard name != ".", name != ".." else { throw PathPatternError("\"\(text)\" holds . or .. as a name") }
            guard !name.contains("**") else {
                throw PathPatternError("\"\(text)\" holds **: a pattern is about one folder for each /")
            }
            guard Self.parts(of: name) != nil else { throw PathPatternError("\"\(text)\" holds [ without ]") }
        }
    }

    /// True for a name that stands for others.
    package static func isPattern(_ name: String) -> Bool { name.contains { "*?[".contains($0) } }

    /// True if the path is one of those.
    package func matches(_ path: String) -> Bool {
        let others = path.split(separator: "/").map(String.init)
        return path.hasPrefix("/") && others.count == names.count
            && zip(names, others).allSatisfy { Self.matches($1, $0) }
    }

    /// True if a name matches the pattern of one.
    package static func matches(_ name: String, _ pattern: String) -> Bool {
        guard let parts = parts(of: pattern), name.hasPrefix(".") == pattern.hasPrefix(".") else { return false }
        let letters = Array(name.unicodeScalars)
        // The last * that took something, and where it began: it takes one more when the rest does not fit.
        var retry: (part: Int, letter: Int)?
        var part = 0
        var letter = 0
        while letter < letters.count {
            if part < parts.count, parts[part] == .any {
                retry = (part, letter)
                part += 1
            } else if part < parts.count, parts[part].takes(letters[letter]) {
                part += 1
                letter += 1
            } else if let last = retry {
                retry = (last.part, last.letter + 1)
                part = last.part + 1
                letter = last.letter + 1
            } else {
                return false
            }
        }
        return parts[part...].allSatisfy { $0 == .any }
    }

    private enum Part: Equatable {
        /// Any characters.
        case any
        case one
        case letter(Unicode.Scalar)
        case set([ClosedRange<Unicode.Scalar>], isNegated: Bool)

        func takes(_ letter: Unicode.Scalar) -> Bool {
            switch self {
            case .any: false
            case .one: true
            case .letter(let own): own == letter
            case .set(let ranges, let isNegated): ranges.contains { $0.contains(letter) } != isNegated
            }
        }
    }

    /// `nil` for a set that has no end.
    private static func parts(of pattern: String) -> [Part]? {
        var parts: [Part] = []
        var rest = Substring(pattern).unicodeScalars
        while let letter = rest.popFirst() {
            switch letter {
            case "*": parts.append(.any)
            case "?": parts.append(.one)
            case "[":
                guard let set = set(&rest) else { return nil }
                parts.append(set)
            default: parts.append(.letter(letter))
            }
        }
        return parts
    }

    private static func set(_ rest: inout Substring.UnicodeScalarView) -> Part? {
        var isNegated = false
        if rest.first == "!" {
            isNegated = true
            rest.removeFirst()
        }
        var ranges: [ClosedRange<Unicode.Scalar>] = []
        while let first = rest.popFirst() {
            // One that stands first is a member.
            if first == "]", !ranges.isEmpty { return .set(ranges, isNegated: isNegated) }
            var last = first
            if rest.first == "-", let end = rest.dropFirst().first, end != "]" {
                rest.removeFirst(2)
                last = end
            }
            ranges.append(min(first, last)...max(first, last))
        }
        return nil
    }
}

/// Why a text is no pattern of paths.
package struct PathPatternError: Error, Hashable, Sendable {
    /// For a person.
    package let message: String

    init(_ message: String) { self.message = message }
}
