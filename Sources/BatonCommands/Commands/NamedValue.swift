import ArgumentParser

/// What an option takes as `NAME=VALUE`; only the first sign of equality counts.
struct NamedValue {
    let name: String
    let value: String

    /// - Parameter option: which one, for the message.
    init(_ text: String, of option: String) throws {
        guard let sign = text.firstIndex(of: "="), sign != text.startIndex else {
            throw ValidationError("\(option) takes NAME=VALUE; got \"\(text)\".")
        }
        name = String(text[..<sign])
        value = String(text[text.index(after: sign)...])
    }

    /// What an option that may be repeated was given, by name: each once.
    static func values(_ texts: [String], of option: String) throws -> [String: String] {
        var values: [String: String] = [:]
        for text in texts {
            let named = try NamedValue(text, of: option)
            guard values.updateValue(named.value, forKey: named.name) == nil else {
                throw ValidationError("\(option) \(named.name) is given twice.")
            }
        }
        return values
    }
}
