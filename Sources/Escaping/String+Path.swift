/// Paths as texts. Foundation's own functions end the process for a relative path of one character.
extension String {
    /// The path of the folder that this path lies in: `/in` for `/in/day.csv`, `/` for `/in`, nothing for `day.csv`.
    package var folderPath: String {
        let bytes = Array(utf8)
        let slash = UInt8(ascii: "/")
        var end = bytes.count
        while end > 1, bytes[end - 1] == slash { end -= 1 }
        while end > 0, bytes[end - 1] != slash { end -= 1 }
        while end > 1, bytes[end - 1] == slash { end -= 1 }
        return String(decoding: bytes[..<end], as: UTF8.self)
    }

    /// The last name of the path: `day.csv` for `/in/day.csv` and for `/in/day.csv/`; `/` for `/`.
    package var lastName: String {
        let name = utf8.split(separator: UInt8(ascii: "/")).last.map { String($0) ?? self }
        return name ?? (isEmpty ? "" : "/")
    }

    /// The path of what has that name in the folder with this path.
    package func path(of name: String) -> String {
        isEmpty ? name : utf8.last == UInt8(ascii: "/") ? self + name : self + "/" + name
    }
}
