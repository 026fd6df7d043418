package import JSON

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

    /// Reads a time of a reply: ISO 8601 with or without fraction, `T` or a space, `Z`, an offset or none (then UTC);
    /// or a number since 1970, in milliseconds from 10¹¹ on, else in seconds.
    package init?(_ json: JSON?) {
        switch json {
        case .string(let text):
            guard let instant = Timestamp(iso8601: text) else { return nil }
            self = instant
        case .integer(let number): self.init(epoch: Double(number))
        case .number(let number): self.init(epoch: number)
        default: return nil
        }
    }

    private init?(epoch number: Double) {
        guard number.isFinite, abs(number) < 1e15 else { return nil }
        self.init(milliseconds: Int64(abs(number) >= 1e11 ? number : number * 1000))
    }

    /// Reads an ISO 8601 date and time, as ``init(_:)-(JSON?)`` says.
    package init?(iso8601 text: String) {
        var rest = Substring(text)
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
        guard let year = digits(4), skip("-"), let month = digits(2), skip("-"), let day = digits(2),
            skip("Tt "), let hour = digits(2), skip(":"), let minute = digits(2),
            (1...12).contains(month), (1...31).contains(day), hour <= 24, minute < 60
        else { return nil }
        var second: Int64 = 0
        if skip(":") {
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
        var offset: Int64 = 0
        if !rest.isEmpty, !skip("Zz") {
            let sign: Int64 = rest.first == "-" ? -1 : 1
            guard skip("+-"), let hours = digits(2) else { return nil }
            _ = skip(":")
            offset = sign * (hours * 60 + (rest.isEmpty ? 0 : digits(2) ?? 0))
        }
        guard rest.isEmpty else { return nil }
        let seconds = Self.days(year, month, day) * 86_400 + hour * 3600 + (minute - offset) * 60 + second
        self.init(milliseconds: seconds * 1000 + thousandths)
    }

    /// Days since 1970 of a date of the Gregorian calendar, with years that begin in March so that leap days come last.
    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
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
