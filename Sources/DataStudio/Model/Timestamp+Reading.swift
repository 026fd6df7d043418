package import JSON

extension Timestamp {
    /// Reads a time of a reply, in any of the forms of ``WrittenTime/init(_:)``.
    package init?(_ json: JSON?) {
        guard let time = WrittenTime(json) else { return nil }
        self = time.instant
    }
}

extension WrittenTime {
    /// Reads a time of a reply, in any of these forms:
    ///
    /// - ISO 8601, as ``init(iso8601:)`` says
    /// - a number since 1970, in milliseconds from 10¹¹ on, else in seconds; also as a text
    /// - `/Date(1772337906007)/`, with or without an offset, which does not matter
    /// - an HTTP date, `Sun, 01 Mar 2026 04:05:06 GMT`
    /// - a list of year, month, day, hour, minute, second and nanosecond, the last ones left out; without a zone
    package init?(_ json: JSON?) {
        switch json {
        case .string(let text):
            let text = text.trimmed
            let httpDate = { Timestamp(httpDate: text).map { WrittenTime($0, precision: .seconds(1), hasZone: true) } }
            guard let time = WrittenTime(iso8601: text) ?? WrittenTime(digits: text) ?? httpDate() else { return nil }
            self = time
        case .integer(let number): self.init(epoch: Double(number))
        case .number(let number): self.init(epoch: number)
        case .array(let elements): self.init(parts: elements)
        default: return nil
        }
    }

    private init?(epoch number: Double) {
        guard number.isFinite, abs(number) < 1e15 else { return nil }
        let instant = Timestamp(milliseconds: Int64(abs(number) >= 1e11 ? number : number * 1000))
        self.init(
            instant, precision: instant.milliseconds % 1000 == 0 ? .seconds(1) : .milliseconds(1), hasZone: true)
    }

    /// `1772337906`, `/Date(1772337906007+0100)/`
    private init?(digits text: String) {
        var digits = text[...]
        if text.hasPrefix("/Date("), text.hasSuffix(")/") {
            digits = text.dropFirst(6).dropLast(2)
            let sign = digits.prefix { $0 == "-" }
            digits = sign + digits.dropFirst(sign.count).prefix { $0 != "+" && $0 != "-" }
        } else if text.utf8.count < 9 {
            // A date without dashes has eight digits.
            return nil
        }
        guard let number = Int64(digits) else { return nil }
        self.init(epoch: Double(number))
    }

    private init?(parts: [JSON]) {
        var numbers: [Int64] = []
        for part in parts {
            guard case .integer(let number) = part else { return nil }
            numbers.append(number)
        }
        let precision: Duration =
            switch numbers.count {
            case 3: .seconds(86_400)
            case 4: .seconds(3600)
            case 5: .seconds(60)
            case 7 where numbers[6] != 0: .milliseconds(1)
            default: .seconds(1)
            }
        guard (3...7).contains(numbers.count) else { return nil }
        numbers += Array(repeating: 0, count: 7 - numbers.count)
        guard (1...9999).contains(numbers[0]), (1...12).contains(numbers[1]), (1...31).contains(numbers[2]),
            (0...24).contains(numbers[3]), (0...59).contains(numbers[4]), (0...60).contains(numbers[5]),
            (0..<1_000_000_000).contains(numbers[6])
        else { return nil }
        let days = Timestamp.days(numbers[0], numbers[1], numbers[2])
        let seconds = days * 86_400 + numbers[3] * 3600 + numbers[4] * 60 + numbers[5]
        self.init(
            Timestamp(milliseconds: seconds * 1000 + numbers[6] / 1_000_000), precision: precision, hasZone: false)
    }
}

extension Timestamp {
    /// `Sun, 01 Mar 2026 04:05:06 GMT`
    package var httpDate: String {
        let days = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
        let names = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
        let date = iso8601
        func part(_ start: Int, _ length: Int) -> Substring { date.dropFirst(start).prefix(length) }
        let month = Self.months[(min(max(Int(part(5, 2)) ?? 1, 1), 12)) - 1]
        // 1970 began on a Thursday.
        return "\(names[Int((days % 7 + 7) % 7)]), \(part(8, 2)) \(month) \(part(0, 4)) \(part(11, 8)) GMT"
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// Reads an HTTP date (RFC 9110): `Sun, 01 Mar 2026 04:05:06 GMT`. Whole seconds; the name of the day is not checked.
    package init?(httpDate text: String) {
        let parts = text.split(separator: " ")
        guard parts.count == 6, parts[0].hasSuffix(","), let month = Self.months.firstIndex(of: String(parts[2])),
            ["GMT", "UTC", "+0000"].contains(parts[5])
        else { return nil }
        let clock = parts[4].split(separator: ":").map { Int64($0) }
        guard let day = Int64(parts[1]), (1...31).contains(day), let year = Int64(parts[3]), (1...9999).contains(year),
            clock.count == 3, let hour = clock[0], let minute = clock[1], let second = clock[2],
            (0...23).contains(hour), (0...59).contains(minute), (0...60).contains(second)
        else { return nil }
        let seconds = Self.days(year, Int64(month) + 1, day) * 86_400 + hour * 3600 + minute * 60 + second
        self.init(milliseconds: seconds * 1000)
    }
}

extension String {
    /// Without white space at both ends.
    fileprivate var trimmed: String {
        // Times are read at every poll, and hardly ever have anything around them.
        guard first?.isWhitespace == true || last?.isWhitespace == true else { return self }
        let start = drop(while: \.isWhitespace)
        return String(start.reversed().drop(while: \.isWhitespace).reversed())
    }
}
