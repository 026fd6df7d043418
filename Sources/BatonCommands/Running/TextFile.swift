import BatonHost
import Foundation

/// Reads the files that people write: scripts and modules.
enum TextFile {
    /// The text of a file in UTF-8, without the mark that editors on Windows put in front of it.
    ///
    /// - Throws: ``Refusal`` for a file that cannot be read, and for one in another encoding: the line, and what is there.
    static func read(_ path: String) throws(Refusal) -> String {
        // A pipe would be waited for, and a device has no end.
        if FileKind(of: path) == .other {
            throw refusal("\(path) is no regular file.")
        }
        guard access(path, R_OK) == 0, let data = FileManager.default.contents(atPath: path) else {
            throw refusal("\(path) cannot be read: \(String(cString: strerror(errno))).")
        }
        return try text([UInt8](data), of: path)
    }

    /// How long a text may be that comes through a pipe, in bytes.
    private static let mostPiped = 1 << 20

    /// The text that comes from a descriptor, to its end.
    ///
    /// - Parameter name: what messages call it.
    /// - Throws: ``Refusal`` for more than 1 MB, and as ``read(_:)``.
    static func read(from descriptor: Int32, name: String) throws(Refusal) -> String {
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: false)
        var bytes: [UInt8] = []
        do {
            while let data = try handle.read(upToCount: 1 << 16), !data.isEmpty {
                bytes += data
                guard bytes.count <= mostPiped else { break }
            }
        } catch {
            throw refusal("\(name) cannot be read.")
        }
        guard bytes.count <= mostPiped else { throw refusal("\(name) holds more than 1 MB.") }
        guard !bytes.isEmpty else { throw refusal("\(name) is empty: there is no script.") }
        return try text(bytes, of: name)
    }

    /// What the bytes of a file say.
    private static func text(_ bytes: [UInt8], of path: String) throws(Refusal) -> String {
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            throw refusal("\(path) is written in UTF-16. Save it as UTF-8.")
        }
        guard let fault = firstFault(in: bytes) else {
            return String(
                decoding: bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...], as: UTF8.self)
        }
        let line = bytes[..<fault].count { $0 == UInt8(ascii: "\n") } + 1
        let byte = bytes[fault]
        // In Latin-1 each byte is the scalar of its number; below that are control characters, also of Windows-1252.
        let shown = byte >= 0xA0 ? ", which is \(Character(Unicode.Scalar(byte))) in Latin-1" : ""
        throw refusal(
            "\(path) is not UTF-8: line \(line) has the byte 0x\(String(byte, radix: 16, uppercase: true))\(shown). "
                + "Save it as UTF-8.")
    }

    private static func refusal(_ words: String) -> Refusal {
        var refusal = Refusal(words)
        refusal.isAboutText = true
        return refusal
    }

    /// The offset of the first byte that is not UTF-8.
    private static func firstFault(in bytes: [UInt8]) -> Int? {
        var parser = Unicode.UTF8.ForwardParser()
        var iterator = bytes.makeIterator()
        var offset = 0
        while true {
            switch parser.parseScalar(from: &iterator) {
            case .valid(let scalar): offset += scalar.count
            case .error: return offset
            case .emptyInput: return nil
            }
        }
    }
}
