extension String {
    /// The text with other scalars in the place of some.
    ///
    /// - Parameter replacement: what stands for a scalar; `nil`: it stays.
    package func replacingScalars(_ replacement: (Unicode.Scalar) -> String?) -> String {
        // The view of scalars is copied whole by each text that is added to it.
        var text = ""
        for scalar in unicodeScalars {
            if let other = replacement(scalar) { text += other } else { text.unicodeScalars.append(scalar) }
        }
        return text
    }

    /// The text with another in the place of one, found by its bytes: whatever combines with its last character.
    package func replacing(bytes pattern: String, with other: String) -> String {
        let parts = split(bytes: pattern)
        return parts.count > 1 ? parts.joined(separator: other) : self
    }

    /// Its parts between the bytes of another, one at least.
    package func split(bytes separator: String) -> [String] {
        let (text, separator) = (Array(utf8), Array(separator.utf8))
        guard let first = separator.first else { return [self] }
        var parts: [String] = []
        var (start, position) = (0, 0)
        while position < text.count {
            if text[position] == first, text[position...].starts(with: separator) {
                parts.append(String(decoding: text[start..<position], as: UTF8.self))
                position += separator.count
                start = position
            } else {
                position += 1
            }
        }
        return parts + [String(decoding: text[start...], as: UTF8.self)]
    }

    /// True if the bytes of the other stand in it.
    package func contains(bytes pattern: String) -> Bool {
        split(bytes: pattern).count > 1
    }

    /// The text, or so many of its bytes at most, up to a whole scalar, with a note of how many are missing.
    package func cut(to most: Int) -> String {
        guard utf8.count > most else { return self }
        var bytes = Array(utf8.prefix(most))
        // Continuation bytes are 10xxxxxx: https://www.unicode.org/versions/Unicode16.0.0/core-spec/chapter-3/
        while bytes.count > 0, utf8[utf8.index(startIndex, offsetBy: bytes.count)] & 0xC0 == 0x80 { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self) + " … (\(utf8.count - bytes.count) bytes more)"
    }

    /// True if it begins with the bytes of the other.
    package func begins(with other: String) -> Bool { utf8.starts(with: other.utf8) }

    /// Its lines: `\n`, `\r\n` and `\r` end one, and what else some program takes for an end.
    package var lines: [String] {
        var lines: [String] = []
        var line = String.UnicodeScalarView()
        var last: Unicode.Scalar?
        for scalar in unicodeScalars {
            defer { last = scalar }
            if last == "\r", scalar == "\n" { continue }
            if TextFormat.breaksLine(scalar) {
                lines.append(String(line))
                line = String.UnicodeScalarView()
            } else {
                line.append(scalar)
            }
        }
        return lines + [String(line)]
    }
}
