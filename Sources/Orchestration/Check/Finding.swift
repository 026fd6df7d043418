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
        case comparedState = "compared-state"
        case missingParameter = "missing-parameter"
        case unreadParameter = "unread-parameter"
        case missingModule = "missing-module"
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
    package let length: Int
    /// What is wrong and what to do, in a sentence. Of a very long one the beginning.
    package let message: String
    /// What to write in the place of what it concerns, if that is known.
    package let fix: String?
    /// True if a run that gets there fails, or does not what was meant: nothing is started before it is mended.
    package let isCertain: Bool

    /// Messages and fixes repeat parts of a text, which may be long: a longer fix is left out.
    private static let longest = 1_000

    /// A finding at a place; of a long message the beginning is kept, and no long fix.
    package init(
        code: Code, file: String, line: Int, column: Int, length: Int = 1, message: String, fix: String? = nil,
        isCertain: Bool = true
    ) {
        self.code = code
        self.file = file
        self.line = line
        self.column = column
        self.length = length
        self.message = message.shortened(to: Self.longest)
        self.fix = fix.flatMap { $0.utf8.count > Self.longest ? nil : $0 }
        self.isCertain = isCertain
    }
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
