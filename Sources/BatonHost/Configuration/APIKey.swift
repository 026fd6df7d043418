import Escaping
import Foundation
import JSON

/// An API key. It describes itself by its last four characters, so that it can end up nowhere by accident.
package struct APIKey: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The key itself, for the `Authorization` header only.
    let secret: String
    /// As it is, as it stands in JSON, which some write with a backslash before each slash, and as it stands in a URL.
    private let forms: Set<String>

    /// A key as the server issued it, without white space around it.
    package init(_ secret: String) {
        self.secret = secret
        let quoted = String(JSON.string(secret).jsonText.dropFirst().dropLast())
        forms = Set([
            secret, secret.replacing(bytes: "/", with: #"\/"#), quoted, quoted.replacing(bytes: "/", with: #"\/"#),
            // In HTML, and in the header of a user with a password.
            TextFormat.html.escaped(secret), Data(secret.utf8).base64EncodedString(),
        ]).union(Self.percentEncoded(secret))
    }

    /// As servers write it in a URL: all signs but letters and digits encoded, or those left that a path, a query or a form
    /// may have; digits of either case.
    private static func percentEncoded(_ secret: String) -> [String] {
        let marks = CharacterSet(charactersIn: "-._~")
        let left = [
            CharacterSet(), marks, marks.union(CharacterSet(charactersIn: "/")),
            marks.union(CharacterSet(charactersIn: "!$&'()*+,;=:@/?")),
        ]
        return left.flatMap { left -> [String] in
            let allowed = left.union(CharacterSet(charactersIn: Unicode.Scalar(0x30)...Unicode.Scalar(0x39)))
                .union(CharacterSet(charactersIn: Unicode.Scalar(0x41)...Unicode.Scalar(0x5A)))
                .union(CharacterSet(charactersIn: Unicode.Scalar(0x61)...Unicode.Scalar(0x7A)))
            let encoded = secret.addingPercentEncoding(withAllowedCharacters: allowed) ?? secret
            // The sign itself is not encoded otherwise, so each of them begins a code.
            let small = encoded.split(bytes: "%").enumerated().map { index, part in
                index == 0 ? part : part.prefix(2).lowercased() + part.dropFirst(2)
            }
            return [encoded, small.joined(separator: "%")]
        }
    }

    /// `…wxyz`; keys of fewer than twelve characters show nothing.
    package var description: String { secret.count >= 12 ? "…" + secret.suffix(4) : "…" }
    /// No more than `description` shows.
    package var debugDescription: String { description }
    /// Empty, so that `dump` shows nothing either.
    package var customMirror: Mirror { Mirror(self, children: []) }

    /// A text with `***` wherever the key stands in it. Keys of fewer than four characters are not looked for.
    package func hidden(in text: String, as mask: String = "***") -> String {
        secret.utf8.count >= 4 ? forms.reduce(text) { $0.replacing(bytes: $1, with: mask) } : text
    }

    /// Bytes with `***` wherever the key stands in them; likewise.
    func hidden(in bytes: [UInt8], as mask: String = "***") -> [UInt8] {
        guard secret.utf8.count >= 4 else { return bytes }
        var data = Data(bytes)
        var isFound = false
        for form in forms {
            let key = Data(form.utf8)
            var start = data.startIndex
            while let range = data.range(of: key, in: start..<data.endIndex) {
                isFound = true
                data.replaceSubrange(range, with: Data(mask.utf8))
                start = range.lowerBound + mask.utf8.count
            }
        }
        return isFound ? Array(data) : bytes
    }

    /// Also what JSON writes with escapes is the key to whoever reads it.
    static func hidden(_ key: APIKey, in bytes: [UInt8], as mask: String = "***") -> [UInt8] {
        let hidden = key.hidden(in: bytes, as: mask)
        // Replies come at every poll: they are parsed once more only if an escape in them could stand for a key's character.
        guard key.mayBeEscaped(in: hidden), let json = try? JSON(parsing: hidden) else { return hidden }
        let plain = Array(json.jsonText.utf8)
        let found = key.hidden(in: plain, as: mask)
        return found == plain ? hidden : found
    }

    /// True if the bytes have an escape of JSON that can stand for a character of the key.
    func mayBeEscaped(in bytes: [UInt8]) -> Bool {
        let data = Data(bytes)
        return #"u/"\"#.contains { escaped in
            (escaped == "u" || secret.contains(escaped)) && data.range(of: Data("\\\(escaped)".utf8)) != nil
        }
    }
}
