/// What a person can do: a sentence, and the complete commands, which can be copied.
struct Advice: Equatable {
    var text: String
    var commands: [String] = []

    init(_ text: String, _ commands: String...) {
        self.text = text
        self.commands = commands
    }

    /// Behind what was said before. A command stands on a line of its own, between empty lines.
    var lines: [String] {
        (text.isEmpty ? [] : [text]) + (commands.isEmpty ? [] : [""] + commands.map { "  " + $0.visible } + [""])
    }

    /// For people: commands stand on lines of their own, which are not wrapped.
    static func lines(_ advice: [Advice], width: Int) -> [String] {
        guard !advice.isEmpty else { return [] }
        var lines = [""]
        for (index, one) in advice.enumerated() {
            lines += ((index == 0 ? "What to do: " : "Also: ") + one.text).wrapped(to: width, hanging: 2)
            if !one.commands.isEmpty { lines += [""] + one.commands.map { "  " + $0.visible } + [""] }
        }
        return lines
    }
}
