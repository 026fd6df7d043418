import DataStudio
import LuaVM

extension Duration {
    /// Reads a script's duration: seconds, or a text such as `90s`, `5m`, `1h30m`, `1d`, `500ms`.
    ///
    /// - Throws: ``ArgumentError`` that says what it got. Never negative, never longer than 366 days.
    init(_ value: LuaValue, for what: String) throws(ArgumentError) {
        let expected = "\(what) takes seconds or a duration such as \"90s\", \"5m\", \"1h30m\"; got \(value.article)"
        let negative = "\(what) cannot be negative; got \(value.article)"
        switch value {
        case .integer(let seconds):
            guard seconds >= 0 else { throw ArgumentError(negative) }
            try self.init(seconds: Double(seconds), what, value)
        case .number(let seconds):
            guard seconds.isFinite else { throw ArgumentError(expected) }
            guard seconds >= 0 else { throw ArgumentError(negative) }
            try self.init(seconds: seconds, what, value)
        case .string(let text):
            if text.hasPrefix("-"), Duration(text: String(text.dropFirst())) != nil { throw ArgumentError(negative) }
            guard let duration = Duration(text: text) else { throw ArgumentError(expected) }
            self = duration
        default: throw ArgumentError(expected)
        }
    }

    private init(seconds: Double, _ what: String, _ value: LuaValue) throws(ArgumentError) {
        guard seconds <= Self.longest.seconds else {
            throw ArgumentError("\(what) is longer than \(Self.longest.short); got \(value.article)")
        }
        self = .milliseconds(Int64((seconds * 1000).rounded()))
    }
}
