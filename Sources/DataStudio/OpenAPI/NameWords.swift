/// The words that a name is made of.
enum NameWords {
    /// `workflowExternalLabel`, `workflow_external_labels` and `/Workflow/ExternalLabel` are `workflow`, `external`,
    /// `label`: in small letters, in the singular.
    static func of(_ name: String) -> [String] {
        var words: [String] = []
        var word = ""
        func flush() {
            if !word.isEmpty { words.append(singular(word)) }
            word = ""
        }
        let characters = Array(name)
        for (index, character) in characters.enumerated() {
            guard character.isLetter || character.isNumber else {
                flush()
                continue
            }
            if character.isUppercase {
                let before = index > 0 ? characters[index - 1] : " "
                let after = index + 1 < characters.count ? characters[index + 1] : " "
                // A new word begins after a small letter, and with the last capital of an abbreviation.
                if before.isLowercase || before.isNumber || (before.isUppercase && after.isLowercase) { flush() }
            }
            word += character.lowercased()
        }
        flush()
        return words
    }

    private static func singular(_ word: String) -> String {
        if word.hasSuffix("ies"), word.count > 4 { return word.dropLast(3) + "y" }
        if word.hasSuffix("ss") || word.hasSuffix("us") || word.hasSuffix("is") || word.count < 4 { return word }
        if word.hasSuffix("sses") || word.hasSuffix("uses") { return String(word.dropLast(2)) }
        return word.hasSuffix("s") ? String(word.dropLast()) : word
    }
}

extension [String] {
    /// True if one of the words is among these.
    func has(_ words: String...) -> Bool { contains { words.contains($0) } }
}
