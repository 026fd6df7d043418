extension Duration {
    /// Longer durations are refused, so that no sum of them leaves the range of a timestamp: 366 days.
    package static let longest = Duration.seconds(366 * 86_400)

    private static let units: [(name: String, seconds: Double)] = [
        ("d", 86_400), ("h", 3600), ("m", 60), ("s", 1), ("ms", 0.001),
    ]

    /// Reads `90s`, `5m`, `1h30m`, `1d`, `500ms` or a plain number of seconds, rounded to milliseconds.
    ///
    /// - Returns: `nil` for anything else: a sign, an unknown unit, units that do not get smaller, more than 366 days.
    package init?(text: String) {
        if let seconds = Self.number(text[...]) {
            self.init(checked: seconds)
            return
        }
        var rest = text[...]
        var units = Self.units[...]
        var seconds = 0.0
        repeat {
            let digits = rest.prefix { $0 == "." || $0.isWholeNumber }
            rest = rest.dropFirst(digits.count)
            let name = rest.prefix { $0.isLetter }
            rest = rest.dropFirst(name.count)
            guard let number = Self.number(digits), let unit = units.firstIndex(where: { $0.name == name }) else {
                return nil
            }
            seconds += number * units[unit].seconds
            units = units[(unit + 1)...]
        } while !rest.isEmpty
        self.init(checked: seconds)
    }

    private init?(checked seconds: Double) {
        guard seconds <= Self.longest.seconds else { return nil }
        self = .milliseconds(Int64((seconds * 1000).rounded()))
    }

    /// `Double` alone would also take signs, exponents, `inf` and hexadecimal digits.
    private static func number(_ text: Substring) -> Double? {
        guard text.utf8.allSatisfy({ $0 == UInt8(ascii: ".") || (0x30...0x39).contains($0) }) else { return nil }
        return Double(text)
    }

    /// A short text for people: `850 ms`, `2.4 s`, `5m 12s`, `1h 30m`, `2d 3h`.
    package var short: String {
        let milliseconds = self.milliseconds
        let seconds = milliseconds / 1000
        return switch milliseconds {
        case ..<0: "0 s"
        case ..<1000: "\(milliseconds) ms"
        case ..<60_000: "\(seconds).\(milliseconds / 100 % 10) s"
        case ..<3_600_000: "\(seconds / 60)m \(seconds % 60)s"
        case ..<86_400_000: "\(seconds / 3600)h \(seconds / 60 % 60)m"
        default: "\(seconds / 86_400)d \(seconds / 3600 % 24)h"
        }
    }
}
