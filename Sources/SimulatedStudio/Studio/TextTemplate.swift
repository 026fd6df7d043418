import DataStudio

/// A text with one placeholder in it, as `jobs({jobId})`.
struct TextTemplate: Hashable {
    var prefix: String
    var suffix: String

    /// - Returns: `nil` if the placeholder is not in the text.
    init?(_ text: String, _ placeholder: Placeholder) {
        let name = placeholder.inBraces.utf8
        guard let open = text.utf8.indices.first(where: { text.utf8[$0...].starts(with: name) }) else { return nil }
        prefix = String(text[..<open])
        suffix = String(text[text.utf8.index(open, offsetBy: name.count)...])
    }

    /// What stands where the placeholder is; `nil` if that is nothing or the rest is different.
    func value(in text: String) -> String? {
        let (text, length) = (text.utf8, prefix.utf8.count + suffix.utf8.count)
        guard text.count > length, text.starts(with: prefix.utf8),
            text.suffix(suffix.utf8.count).elementsEqual(suffix.utf8)
        else { return nil }
        return String(Substring(text.dropFirst(prefix.utf8.count).dropLast(suffix.utf8.count)))
    }
}
