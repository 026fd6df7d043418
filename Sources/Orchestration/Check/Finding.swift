/// Something in a script that is wrong, or seems to be.
package struct Finding: Hashable, Sendable {
    /// What is wrong, as a word that stays the same.
    package enum Code: String, CaseIterable, Sendable {
        case syntax
        case unknownGlobal = "unknown-global"
        case unknownField = "unknown-field"
        case unknownOption = "unknown-option"
        case wrongType = "wrong-type"
        case wrongArguments = "wrong-arguments"
        case swappedArguments = "swapped-arguments"
        case calledResult = "called-result"
        case appendedResult = "appended-result"
        case calledItem = "called-item"
        case idleChain = "idle-chain"
        case cannotWait = "cannot-wait"
        case unreachable
        case assignedFunction = "assigned-function"
        case hiddenFunction = "hidden-function"
        case comparedTime = "compared-time"
        case missingParameter = "missing-parameter"
        case unreadParameter = "unread-parameter"
        case notConfigured = "not-configured"
        case unknownLabel = "unknown-label"
    }

    /// What is wrong.
    package let code: Code
    /// What messages call the text.
    package let file: String
    /// From 1; 0 for what stands in no text, as a parameter.
    package let line: Int
    /// From 1, in characters.
    package let column: Int
    /// How many characters of the line it concerns, 1 at least.
    package var length = 1
    /// What is wrong and what to do, in a sentence.
    package let message: String
    /// What to write in the place of what it concerns, if that is known.
    package var fix: String?
    /// True if a run that gets there fails, or does not what was meant: nothing is started before it is mended.
    package var isCertain = true
}

extension Finding {
    /// The finding about a file that is no text.
    package init(unreadable file: String, _ message: String) {
        self.init(code: .syntax, file: file, line: 1, column: 1, message: message)
    }
}

extension Finding: CustomStringConvertible {
    /// `nightly.lua:3:18: execute: unknown option "timeot" (did you mean "timeout"?)`
    package var description: String { (line > 0 ? "\(file):\(line):\(column): " : "\(file): ") + message }
}
