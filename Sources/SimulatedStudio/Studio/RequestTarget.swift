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
        let parts = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        path = parts.first.map(String.init) ?? ""
        segments = Self.segments(path)
        query = (parts.count > 1 ? parts[1] : "").split(separator: "&").map { item in
            let sides = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return QueryItem(
                name: sides.first.map { String($0).percentDecoded() } ?? "",
                value: sides.count > 1 ? String(sides[1]).percentDecoded() : "")
        }
    }

    /// The first value of that name in the query.
    func queryValue(_ name: String) -> String? {
        query.first { $0.name == name }?.value
    }

    static func segments(_ path: String) -> [String] {
        path.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map { String($0).percentDecoded() }
    }
}
