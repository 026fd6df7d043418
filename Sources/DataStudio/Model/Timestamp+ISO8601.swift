extension Timestamp {
    /// `2026-03-01T04:05:06.007Z`
    package var iso8601: String {
        let days = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
        let second = seconds - days * 86_400
        let (year, month, day) = Self.civil(days)
        let thousandths = milliseconds - seconds * 1000
        return "\(pad(year, 4))-\(pad(month))-\(pad(day))T"
            + "\(pad(second / 3600)):\(pad(second / 60 % 60)):\(pad(second % 60)).\(pad(thousandths, 3))Z"
    }

    /// Reads a date, or a date and a time, of ISO 8601.
    ///
    /// With or without dashes, colons and fraction; `T` or a space between date and time;
    /// `Z`, an offset or none (then UTC); the name of a time zone in brackets behind it, as Java writes, is passed over.
    package init?(iso8601 text: String) {
        var rest = Substring(text)
        if rest.hasSuffix("]"), let bracket = rest.firstIndex(of: "[") { rest = rest[..<bracket] }
        func digits(_ count: Int) -> Int64? {
            let part = rest.prefix(count)
            guard part.utf8.count == count, part.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
            rest = rest.dropFirst(count)
            return Int64(part)
        }
        func skip(_ characters: String) -> Bool {
            guard let first = rest.first, characters.contains(first) else { return false }
            rest = rest.dropFirst()
            return true
        }
        guard let year = digits(4) else { return nil }
        let hasDashes = skip("-")
        guard let month = digits(2), skip("-") == hasDashes, let day = digits(2), (1...12).contains(month),
            (1...31).contains(day)
        else { return nil }
        let midnight = Self.days(year, month, day) * 86_400
        if rest.isEmpty {
            self.init(milliseconds: midnight * 1000)
            return
        }
        guard skip("Tt "), let hour = digits(2) else { return nil }
        let hasColons = skip(":")
        guard let minute = digits(2), hour <= 24, minute < 60 else { return nil }
        var second: Int64 = 0
        if hasColons ? skip(":") : rest.first?.isNumber == true {
            guard let value = digits(2), value <= 60 else { return nil }
            second = value
        }
        var thousandths: Int64 = 0
        if skip(".,") {
            let fraction = rest.prefix { $0.isASCII && $0.isNumber }
            guard !fraction.isEmpty else { return nil }
            rest = rest.dropFirst(fraction.count)
            thousandths = Int64(fraction.prefix(3)) ?? 0
            for _ in fraction.prefix(3).count..<3 { thousandths *= 10 }
        }
        guard let offset = Self.offset(rest) else { return nil }
        let seconds = midnight + hour * 3600 + (minute - offset) * 60 + second
        self.init(milliseconds: seconds * 1000 + thousandths)
    }

    /// Minutes east of UTC of `Z`, `+01`, `+0100`, `+01:00`, or nothing.
    private static func offset(_ text: Substring) -> Int64? {
        if text.isEmpty || text == "Z" || text == "z" { return 0 }
        guard let sign = text.first, "+-".contains(sign) else { return nil }
        let digits = text.dropFirst().filter { $0 != ":" }
        guard [2, 4].contains(digits.count), digits.allSatisfy({ $0.isASCII && $0.isNumber }),
            let hours = Int64(digits.prefix(2)), let minutes = digits.count == 2 ? 0 : Int64(digits.suffix(2))
        else { return nil }
        return (sign == "-" ? -1 : 1) * (hours * 60 + minutes)
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
    private static func civil(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
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

private func pad(_ number: Int64, _ width: Int = 2) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}
