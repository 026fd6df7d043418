/// What may stand in braces in the paths and queries of an API description.
package enum Placeholder: String, CaseIterable, Hashable, Sendable {
    case jobId, label, page, offset, pageSize, createdAfter, createdAfterSeconds, createdAfterMilliseconds
    /// Only in the `authentication`, as is the key.
    case environment

    /// The placeholder as it is written.
    package var inBraces: String { "{\(rawValue)}" }
}

extension String {
    /// True if the placeholder stands in it.
    func holds(_ wanted: Placeholder) -> Bool {
        var isFound = false
        _ = filled { placeholder in
            isFound = isFound || placeholder == wanted
            return ""
        }
        return isFound
    }

    /// The text with every placeholder replaced by what it stands for. Other braces are kept.
    ///
    /// Requests are built at every poll: one pass, and none for a text without braces.
    func filled(_ value: (Placeholder) -> String) -> String {
        guard utf8.contains(UInt8(ascii: "{")) else { return self }
        var result = ""
        var rest = self[...]
        while let open = rest.utf8.firstIndex(of: UInt8(ascii: "{")) {
            result += rest[..<open]
            rest = rest[open...]
            guard let close = rest.utf8.firstIndex(of: UInt8(ascii: "}")) else { break }
            let name = rest[rest.utf8.index(after: open)..<close]
            if let placeholder = Placeholder(rawValue: String(name)) {
                result += value(placeholder)
                rest = rest[rest.utf8.index(after: close)...]
            } else {
                result += "{"
                rest = rest[rest.utf8.index(after: open)...]
            }
        }
        return result + rest
    }
}
