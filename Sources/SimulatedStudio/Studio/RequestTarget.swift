import DataStudio

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
        // In bytes: what separates is ASCII, and characters would have to be found first.
        let parts = text.utf8.split(separator: UInt8(ascii: "?"), maxSplits: 1, omittingEmptySubsequences: false)
        path = parts.first.map { String(Substring($0)) } ?? ""
        segments = Self.segments(path)
        query = (parts.count > 1 ? parts[1] : Substring().utf8).split(separator: UInt8(ascii: "&")).map { item in
            let sides = item.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            return QueryItem(
                name: sides.first.map(Self.decoded) ?? "", value: sides.count > 1 ? Self.decoded(sides[1]) : "")
        }
    }

    /// The first value of that name in the query.
    func queryValue(_ name: String) -> String? {
        query.first { $0.name == name }?.value
    }

    static func segments(_ path: String) -> [String] {
        path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).dropFirst().map(decoded)
    }

    private static func decoded(_ part: Substring.UTF8View) -> String { String(Substring(part)).percentDecoded() }
}
