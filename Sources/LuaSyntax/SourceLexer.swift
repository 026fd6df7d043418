/// Splits a text into tokens. Nothing is checked here: of a text that does not parse, they are what they seem to be.
package struct SourceLexer {
    private let bytes: [UInt8]
    private var position = 0
    private var line = 1
    /// A place in the line up to which its characters are counted, and how many they are.
    private var counted = (position: 0, characters: 0)
    /// True if the end of the string that was read last is missing.
    private var isOpen = false

    private init(_ text: String) {
        bytes = Array(text.utf8)
    }

    /// All tokens of a text, without comments.
    package static func tokens(of text: String) -> [SourceToken] {
        var lexer = SourceLexer(text)
        if lexer.peek() == UInt8(ascii: "#"), lexer.peek(1) == UInt8(ascii: "!") { lexer.skipLine() }
        var tokens: [SourceToken] = []
        while let token = lexer.next() { tokens.append(token) }
        return tokens
    }

    private func peek(_ offset: Int = 0) -> UInt8? {
        position + offset < bytes.count ? bytes[position + offset] : nil
    }

    /// Passes bytes, as many as there are: no token reaches past the text.
    private mutating func advance(_ count: Int = 1) {
        let end = min(position + count, bytes.count)
        for index in position..<end where bytes[index] == UInt8(ascii: "\n") {
            line += 1
            counted = (index + 1, 0)
        }
        position = end
    }

    /// The column of the byte that is next. Characters are counted from the token before: a line may have many tokens.
    private mutating func column() -> Int {
        let text = bytes[counted.position..<position]
        let characters =
            text.allSatisfy { $0 < 0x80 } ? text.count : String(decoding: text, as: UTF8.self).count
        counted = (position, counted.characters + characters)
        return counted.characters + 1
    }

    private mutating func skipLine() {
        while let byte = peek(), byte != UInt8(ascii: "\n") { advance() }
    }

    private mutating func next() -> SourceToken? {
        while let byte = peek() {
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\n"), 0x0B, 0x0C: advance()
            case UInt8(ascii: "-") where peek(1) == UInt8(ascii: "-"):
                advance(2)
                if longBracket() == nil { skipLine() }
            default:
                let (first, line, column) = (position, line, column())
                isOpen = false
                let kind = kind(startingWith: byte)
                return SourceToken(
                    kind: kind, line: line, column: column, range: first..<position, isOpen: isOpen)
            }
        }
        return nil
    }

    private mutating func kind(startingWith byte: UInt8) -> SourceToken.Kind {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "'"): return .string(quoted(byte))
        case UInt8(ascii: "["): return longBracket().map { .string($0) } ?? symbol()
        case UInt8(ascii: "0")...UInt8(ascii: "9"):
            while let byte = peek(), Self.isNamePart(byte) || byte == UInt8(ascii: ".") { advance() }
            return .number
        case _ where Self.isNamePart(byte):
            let first = position
            while let byte = peek(), Self.isNamePart(byte) { advance() }
            return .name(String(decoding: bytes[first..<position], as: UTF8.self))
        // A numeral may begin with its point.
        case UInt8(ascii: "."):
            guard let digit = peek(1), (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return symbol() }
            while let byte = peek(), Self.isNamePart(byte) || byte == UInt8(ascii: ".") { advance() }
            return .number
        default: return symbol()
        }
    }

    private mutating func symbol() -> SourceToken.Kind {
        if peek() == UInt8(ascii: "."), peek(1) == UInt8(ascii: "."), peek(2) == UInt8(ascii: ".") {
            advance(3)
            return .symbol("...")
        }
        let two = peek(1).map { [bytes[position], $0] } ?? []
        let pairs = ["==", "~=", "<=", ">=", "//", "::", "<<", ">>", ".."]
        let text = pairs.first { Array($0.utf8) == two } ?? String(Unicode.Scalar(bytes[position]))
        advance(text.utf8.count)
        return .symbol(text)
    }

    private mutating func quoted(_ quote: UInt8) -> String {
        advance()
        let first = position
        while let byte = peek(), byte != quote {
            if byte == UInt8(ascii: "\\") { advance() }
            advance()
        }
        isOpen = position == bytes.count
        defer { advance() }
        return String(decoding: bytes[first..<position], as: UTF8.self)
    }

    /// Reads `[[…]]` or `[=[…]=]`, if there is one.
    private mutating func longBracket() -> String? {
        guard peek() == UInt8(ascii: "[") else { return nil }
        var level = 0
        while peek(1 + level) == UInt8(ascii: "=") { level += 1 }
        guard peek(1 + level) == UInt8(ascii: "[") else { return nil }
        advance(level + 2)
        let first = position
        let close = [UInt8(ascii: "]")] + Array(repeating: UInt8(ascii: "="), count: level) + [UInt8(ascii: "]")]
        while position < bytes.count, !bytes[position...].starts(with: close) { advance() }
        isOpen = position == bytes.count
        defer { advance(close.count) }
        return String(decoding: bytes[first..<position], as: UTF8.self)
    }

    private static func isNamePart(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }
}
