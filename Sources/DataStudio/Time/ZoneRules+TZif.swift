extension ZoneRules {
    /// Reads a compiled file of the time zone database (RFC 9636), of any version.
    ///
    /// - Parameters:
    ///   - name: what the zone was asked for by.
    ///   - version: of the database.
    /// - Throws: for what is no such file, and for one that counts leap seconds.
    package init(name: String, version: String?, tzif bytes: [UInt8]) throws(ZoneError) {
        var reader = TZifReader(bytes)
        var header = try reader.header()
        var width = 4
        if header.version >= 2 {
            // The first part is for readers that know 32 bits only.
            try reader.skip(header.length(width: 4))
            header = try reader.header()
            width = 8
        }
        // Its seconds are not those of the clocks.
        guard header.leapSeconds == 0 else {
            throw ZoneError("it counts leap seconds: use the zone without \"right/\"")
        }
        var changes: [Int64] = []
        for _ in 0..<header.changes { changes.append(try reader.number(width)) }
        let indices = try reader.take(header.changes)
        var kinds: [(seconds: Int64, isSummer: Bool, name: Int)] = []
        for _ in 0..<header.kinds {
            kinds.append((try reader.number(4), try reader.number(1) != 0, Int(try reader.number(1))))
        }
        let names = try reader.take(header.names)
        guard zip(changes, changes.dropFirst()).allSatisfy({ $0 < $1 }), indices.allSatisfy({ $0 < kinds.count }),
            kinds.allSatisfy({ names.indices.contains($0.name) && $0.seconds.magnitude < Self.farthest.magnitude })
        else { throw .damaged }
        let offsets = kinds.map { kind in
            ZoneOffset(
                seconds: kind.seconds, isSummer: kind.isSummer,
                abbreviation: String(decoding: names[kind.name...].prefix { $0 != 0 }, as: UTF8.self))
        }
        guard let first = offsets.first(where: { !$0.isSummer }) ?? offsets.first else { throw .damaged }
        try reader.skip(header.standards + header.universals)
        let rule = width == 8 ? reader.footer() : nil
        self.init(
            // Where clocks were never changed, as in UTC, all versions say the same.
            name: name, version: changes.isEmpty ? nil : version, first: first, changes: changes,
            indices: Array(indices), offsets: offsets,
            later: rule.flatMap { YearlyRule($0) })
    }
}

/// Why there are no rules of a zone: the reason alone, as part of a sentence.
package struct ZoneError: Error, Hashable, CustomStringConvertible {
    /// What is wrong.
    package let description: String

    /// An error for that reason.
    package init(_ description: String) { self.description = description }

    static let damaged = ZoneError("it is no file of the time zone database")
}

private struct TZifReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    struct Header {
        var version = 1
        var universals = 0
        var standards = 0
        var leapSeconds = 0
        var changes = 0
        var kinds = 0
        var names = 0

        /// Of what follows it, in bytes.
        func length(width: Int) -> Int {
            changes * (width + 1) + kinds * 6 + names + leapSeconds * (width + 4) + standards + universals
        }
    }

    mutating func header() throws(ZoneError) -> Header {
        guard try take(4).elementsEqual("TZif".utf8) else { throw .damaged }
        var header = Header()
        let version = try take(1).first ?? 0
        header.version = version == 0 ? 1 : Int(version) - Int(UInt8(ascii: "0"))
        try skip(15)
        header.universals = try count()
        header.standards = try count()
        header.leapSeconds = try count()
        header.changes = try count()
        header.kinds = try count()
        header.names = try count()
        return header
    }

    private mutating func count() throws(ZoneError) -> Int {
        let number = try number(4)
        // Nothing is made room for that the file does not have.
        guard number >= 0, number <= rest.count else { throw .damaged }
        return Int(number)
    }

    mutating func take(_ count: Int) throws(ZoneError) -> ArraySlice<UInt8> {
        guard count <= rest.count else { throw .damaged }
        let part = rest.prefix(count)
        rest = rest.dropFirst(count)
        // Places count from 0.
        return ArraySlice(Array(part))
    }

    mutating func skip(_ count: Int) throws(ZoneError) {
        guard count <= rest.count else { throw .damaged }
        rest = rest.dropFirst(count)
    }

    /// Of that many bytes; those of more than one have a sign.
    mutating func number(_ width: Int) throws(ZoneError) -> Int64 {
        guard width <= rest.count else { throw .damaged }
        var number: Int64 = width == 1 || rest[rest.startIndex] < 128 ? 0 : -1
        for byte in rest.prefix(width) { number = number << 8 | Int64(byte) }
        rest = rest.dropFirst(width)
        return number
    }

    /// The rule for what comes after the last change, between two line breaks; `nil` if it is empty or missing.
    mutating func footer() -> String? {
        guard rest.first == 10 else { return nil }
        let rule = rest.dropFirst().prefix { $0 != 10 }
        return rule.isEmpty ? nil : String(decoding: rule, as: UTF8.self)
    }
}
