extension Timestamp {
    /// `2026-03-01T04:05:06.007Z`
    package var iso8601: String {
        let days = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
        let second = seconds - days * 86_400
        let (year, month, day) = Self.civil(days)
        let thousandths = milliseconds - seconds * 1000
        // Every list of jobs has three of them for each.
        return String(unsafeUninitializedCapacity: 32) { buffer in
            var text = DigitWriter(buffer)
            text.write(year, year > 9999 ? String(year).count : 4, then: "-")
            text.write(month, 2, then: "-")
            text.write(day, 2, then: "T")
            text.write(second / 3600, 2, then: ":")
            text.write(second / 60 % 60, 2, then: ":")
            text.write(second % 60, 2, then: ".")
            text.write(thousandths, 3, then: "Z")
            return text.count
        }
    }

    /// Reads a date, or a date and a time, of ISO 8601, as ``WrittenTime/init(iso8601:)`` does.
    package init?(iso8601 text: String) {
        guard let time = WrittenTime(iso8601: text) else { return nil }
        self = time.instant
    }

    /// Minutes east of UTC of `Z`, `+01`, `+0100`, `+01:00`, or nothing.
    fileprivate static func offset(_ text: Substring.UTF8View) -> Int64? {
        if text.isEmpty || text.elementsEqual("Z".utf8) || text.elementsEqual("z".utf8) { return 0 }
        guard let sign = text.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") else { return nil }
        let digits = text.dropFirst().filter { $0 != UInt8(ascii: ":") }.map(\.digit)
        guard [2, 4].contains(digits.count) else { return nil }
        var number: Int64 = 0
        for digit in digits {
            guard let digit else { return nil }
            number = number * 10 + digit
        }
        let minutes = digits.count == 2 ? number * 60 : number / 100 * 60 + number % 100
        return sign == UInt8(ascii: "-") ? -minutes : minutes
    }

    /// Days since 1970 of a date of the Gregorian calendar, with years that begin in March so that leap days come last.
    static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let year = month <= 2 ? year - 1 : year
        let era = (year >= 0 ? year : year - 399) / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// The inverse of `days`.
    static func civil(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let days = days + 719_468
        let era = (days >= 0 ? days : days - 146_096) / 146_097
        let dayOfEra = days - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
    }
}

extension WrittenTime {
    /// Reads a date, or a date and a time, of ISO 8601.
    ///
    /// With or without dashes, colons and fraction; `T` or a space between date and time;
    /// `Z`, an offset or none (then UTC); the name of a time zone in brackets behind it, as Java writes, is passed over.
    package init?(iso8601 text: String) {
        // Bytes: all that is looked for is ASCII, and times are read at every poll.
        var rest = text.utf8[...]
        if rest.last == UInt8(ascii: "]"), let bracket = rest.firstIndex(of: UInt8(ascii: "[")) {
            rest = rest[..<bracket]
        }
        func digits(_ count: Int) -> Int64? {
            var number: Int64 = 0
            for _ in 0..<count {
                guard let digit = rest.popFirst()?.digit else { return nil }
                number = number * 10 + digit
            }
            return number
        }
        func skip(_ signs: Unicode.Scalar...) -> Bool {
            guard let first = rest.first.map(Unicode.Scalar.init), signs.contains(first) else { return false }
            rest = rest.dropFirst()
            return true
        }
        guard let year = digits(4) else { return nil }
        let hasDashes = skip("-")
        guard let month = digits(2), skip("-") == hasDashes, let day = digits(2), (1...12).contains(month),
            (1...31).contains(day)
        else { return nil }
        let midnight = Timestamp.days(year, month, day) * 86_400
        if rest.isEmpty {
            self.init(Timestamp(milliseconds: midnight * 1000), precision: .seconds(86_400), hasZone: false)
            return
        }
        guard skip("T", "t", " "), let hour = digits(2) else { return nil }
        let hasColons = skip(":")
        guard let minute = digits(2), hour <= 24, minute < 60 else { return nil }
        var second: Int64 = 0
        var precision = Duration.seconds(60)
        if hasColons ? skip(":") : rest.first?.digit != nil {
            guard let value = digits(2), value <= 60 else { return nil }
            second = value
            precision = .seconds(1)
        }
        var thousandths: Int64 = 0
        if skip(".", ",") {
            guard rest.first?.digit != nil else { return nil }
            var weight: Int64 = 100
            while let digit = rest.first?.digit {
                thousandths += digit * weight
                // A fraction of zeros may be one that was cut off elsewhere.
                if thousandths > 0 { precision = .milliseconds(max(1, weight)) }
                weight /= 10
                rest = rest.dropFirst()
            }
        }
        guard let offset = Timestamp.offset(rest) else { return nil }
        let seconds = midnight + hour * 3600 + (minute - offset) * 60 + second
        self.init(
            Timestamp(milliseconds: seconds * 1000 + thousandths), precision: precision, hasZone: !rest.isEmpty)
    }
}

extension UInt8 {
    /// Of an ASCII digit: what it stands for.
    fileprivate var digit: Int64? {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) ? Int64(self - UInt8(ascii: "0")) : nil
    }
}

/// Writes numbers of a fixed width.
private struct DigitWriter {
    private let buffer: UnsafeMutableBufferPointer<UInt8>
    private(set) var count = 0

    init(_ buffer: UnsafeMutableBufferPointer<UInt8>) { self.buffer = buffer }

    mutating func write(_ number: Int64, _ width: Int, then sign: Unicode.Scalar) {
        var rest = number.magnitude
        for place in (0..<width).reversed() {
            buffer[count + place] = UInt8(ascii: "0") + UInt8(rest % 10)
            rest /= 10
        }
        buffer[count + width] = UInt8(ascii: sign)
        count += width + 1
    }
}
