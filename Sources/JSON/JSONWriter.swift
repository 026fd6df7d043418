/// Writes JSON text piece by piece.
///
/// Values follow each other inside ``beginArray()`` and ``endArray()``, and each follows its ``name(_:)`` inside
/// ``beginObject()`` and ``endObject()``. That these are paired is the caller's business.
package struct JSONWriter {
    /// The text so far, in UTF-8.
    package private(set) var bytes: [UInt8] = []

    private let isPretty: Bool
    private var depth = 0
    /// Nothing has been written yet into the innermost array or object.
    private var isFirst = true
    private var followsName = false

    /// A writer with an empty text.
    ///
    /// - Parameter pretty: each element and member on a line of its own, two spaces deeper than what holds it.
    package init(pretty: Bool = false) {
        isPretty = pretty
    }

    /// The text so far.
    package var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Writes `null`.
    package mutating func null() { scalar("null") }

    /// Writes `true` or `false`.
    package mutating func boolean(_ value: Bool) { scalar(value ? "true" : "false") }

    /// Writes an integer, without a point.
    package mutating func integer(_ value: Int64) { scalar(String(value)) }

    /// Writes a number that reads back as the same one, with a point or an exponent. What JSON does not have, NaN and
    /// the infinities, becomes `null`.
    package mutating func number(_ value: Double) { scalar(value.isFinite ? "\(value)" : "null") }

    /// Writes a string.
    package mutating func string(_ value: String) {
        separate()
        quote(value)
    }

    /// Writes the name of a member; its value comes next.
    package mutating func name(_ name: String) {
        separate()
        quote(name)
        bytes.append(UInt8(ascii: ":"))
        if isPretty { bytes.append(UInt8(ascii: " ")) }
        followsName = true
    }

    /// Begins an array.
    package mutating func beginArray() { begin(UInt8(ascii: "[")) }

    /// Ends the innermost array.
    package mutating func endArray() { end(UInt8(ascii: "]")) }

    /// Begins an object.
    package mutating func beginObject() { begin(UInt8(ascii: "{")) }

    /// Ends the innermost object.
    package mutating func endObject() { end(UInt8(ascii: "}")) }

    private mutating func scalar(_ text: String) {
        separate()
        bytes.append(contentsOf: text.utf8)
    }

    private mutating func begin(_ bracket: UInt8) {
        separate()
        bytes.append(bracket)
        depth += 1
        isFirst = true
    }

    private mutating func end(_ bracket: UInt8) {
        depth -= 1
        if !isFirst { breakLine() }
        bytes.append(bracket)
        isFirst = false
    }

    /// Writes what stands between the value that comes now and what was before it.
    private mutating func separate() {
        if followsName {
            followsName = false
        } else if depth > 0 {
            if !isFirst { bytes.append(UInt8(ascii: ",")) }
            breakLine()
            isFirst = false
        }
    }

    private mutating func breakLine() {
        guard isPretty else { return }
        bytes.append(UInt8(ascii: "\n"))
        bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * depth))
    }

    private mutating func quote(_ string: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in string.utf8 {
            switch byte {
            case UInt8(ascii: "\""): bytes.append(contentsOf: #"\""#.utf8)
            case UInt8(ascii: "\\"): bytes.append(contentsOf: #"\\"#.utf8)
            case UInt8(ascii: "\n"): bytes.append(contentsOf: #"\n"#.utf8)
            case UInt8(ascii: "\r"): bytes.append(contentsOf: #"\r"#.utf8)
            case UInt8(ascii: "\t"): bytes.append(contentsOf: #"\t"#.utf8)
            case 0..<0x20, 0x7F:
                bytes.append(contentsOf: (byte < 0x10 ? #"\u000"# : #"\u00"#).utf8)
                bytes.append(contentsOf: String(byte, radix: 16).utf8)
            // The control characters from U+0080 to U+009F, and U+2028 and U+2029, which end a line for some readers.
            case 0x80...0x9F where bytes.last == 0xC2:
                bytes.removeLast()
                bytes.append(contentsOf: #"\u00\#(String(byte, radix: 16))"#.utf8)
            case 0xA8...0xA9 where bytes.suffix(2).elementsEqual([0xE2, 0x80]):
                bytes.removeLast(2)
                bytes.append(contentsOf: (byte == 0xA8 ? #"\u2028"# : #"\u2029"#).utf8)
            // U+FFFE and U+FFFF are no characters: YAML, of which JSON is a part, refuses a text with them.
            case 0xBE...0xBF where bytes.suffix(2).elementsEqual([0xEF, 0xBF]):
                bytes.removeLast(2)
                bytes.append(contentsOf: (byte == 0xBE ? #"\ufffe"# : #"\uffff"#).utf8)
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
