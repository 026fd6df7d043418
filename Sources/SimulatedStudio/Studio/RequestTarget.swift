/// The path of a request, taken apart and decoded.
struct RequestTarget: Hashable {
    /// The path without its query, as it came.
    let path: String
    /// What lies between the slashes; one empty text for `/`.
    let segments: [String]
    private let query: [QueryItem]

    private struct QueryItem: Hashable {
        let name: String
        let value: String
    }

    init(_ text: String) {
        let parts = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        path = parts.first.map(String.init) ?? ""
        segments = Self.segments(path)
        query = (parts.count > 1 ? parts[1] : "").split(separator: "&").map { item in
            let sides = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return QueryItem(
                name: sides.first.map(Self.percentDecoded) ?? "",
                value: sides.count > 1 ? Self.percentDecoded(sides[1]) : "")
        }
    }

    /// The first value of that name in the query.
    func queryValue(_ name: String) -> String? {
        query.first { $0.name == name }?.value
    }

    static func segments(_ path: String) -> [String] {
        path.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map(percentDecoded)
    }

    /// Decodes `%41`. A plus is a plus, so that an offset of time may be written plainly; what is no escape is kept.
    private static func percentDecoded(_ text: Substring) -> String {
        guard text.utf8.contains(UInt8(ascii: "%")) else { return String(text) }
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            let digits = rest.prefix(2).compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
            if byte == UInt8(ascii: "%"), digits.count == 2 {
                bytes.append(UInt8(digits[0] * 16 + digits[1]))
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
