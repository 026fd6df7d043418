import DataStudio

/// A text with one placeholder in it, as `jobs({jobId})`.
struct TextTemplate: Hashable {
    var prefix: String
    var suffix: String

    /// - Returns: `nil` if the placeholder is not in the text.
    init?(_ text: String, _ placeholder: Placeholder) {
        // Most texts have none.
        guard text.utf8.contains(UInt8(ascii: "{")) else { return nil }
        guard let range = text.firstRange(of: "{\(placeholder.rawValue)}") else { return nil }
        prefix = String(text[..<range.lowerBound])
        suffix = String(text[range.upperBound...])
    }

    /// What stands where the placeholder is; `nil` if that is nothing or the rest is different.
    func value(in text: String) -> String? {
        guard text.count > prefix.count + suffix.count, text.hasPrefix(prefix), text.hasSuffix(suffix) else {
            return nil
        }
        return String(text.dropFirst(prefix.count).dropLast(suffix.count))
    }
}
