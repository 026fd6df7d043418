import LuaSyntax
import LuaVM

/// What was typed at a prompt so far, and whether it can be run.
package enum SessionInput: Hashable, Sendable {
    /// Nothing but space and comments.
    case empty
    /// It may go on with the next line.
    case unfinished
    /// It can be run.
    case complete
    /// It cannot become anything that can be run.
    case invalid(SyntaxError)

    /// Why and where a text does not parse.
    package struct SyntaxError: Error, Hashable, Sendable {
        /// Lua's words, without the place.
        package var message: String
        /// From 1.
        package var line: Int
        /// From 1, in characters.
        package var column: Int
    }

    /// Reads what was typed.
    package init(_ text: String) {
        if let excess = Self.excess(in: text) {
            self = .invalid(excess)
        } else if let statement = Self.fault(in: text), let expression = Self.fault(in: "return " + text) {
            // A text in quotes does not go on in the next line, unless it says so.
            let isInQuotes = statement.message.hasPrefix("unfinished string") && !text.hasSuffix("\\")
            if statement.isEnd || expression.isEnd, !isInQuotes {
                self = .unfinished
            } else {
                self = .invalid(Self.error(in: text, statement, expression))
            }
        } else {
            self = SourceLexer.tokens(of: text).isEmpty ? .empty : .complete
        }
    }

    /// Reads the text of a script, which cannot be an expression, goes on nowhere, and has no ``excess(in:)``.
    init(script text: String) {
        if let fault = Self.fault(in: text) {
            self = .invalid(Self.error(in: text, fault, nil))
        } else {
            self = .complete
        }
    }

    /// The text as entries of a history, which have one line each: joined where that changes nothing.
    package static func historyEntries(_ text: String) -> [String] {
        let lines = text.split(separator: "\n").map(String.init)
        let tokens = SourceLexer.tokens(of: text)
        let bytes = Array(text.utf8)
        // A comment ends with its line, and a text keeps its lines.
        let isText = tokens.contains { $0.string != nil && bytes[$0.range].contains(UInt8(ascii: "\n")) }
        let gaps = zip([0] + tokens.map(\.range.upperBound), tokens.map(\.range.lowerBound) + [bytes.count])
        let hasComment = gaps.contains { bytes[min($0, $1)..<$1].contains(UInt8(ascii: "-")) && $0 < $1 }
        guard lines.count > 1, !isText, !hasComment else { return lines }
        return [lines.map { $0.trimmingSpace }.joined(separator: " ")]
    }

    /// True if it is a statement by itself.
    static func isStatement(_ text: String) -> Bool { fault(in: text) == nil }

    /// True if it has values to be shown: it parses behind `return`.
    static func isExpression(_ text: String) -> Bool { fault(in: "return " + text) == nil }

    private static let longestMessage = 300

    private struct Fault {
        let message: String
        /// True if the text is not wrong, but ends too early.
        var isEnd: Bool { message.hasSuffix("near <eof>") || message.hasSuffix("near '<eof>'") }
    }

    /// What Lua would take too long to read: it is not given such a text.
    static func excess(in text: String) -> SyntaxError? {
        let source = SourceText(text)
        return source.excess.map { excess in
            SyntaxError(
                message: excess.message, line: source.line(of: excess.token),
                column: source.column(of: excess.token))
        }
    }

    private static func fault(in text: String) -> Fault? {
        do throws(LuaError) {
            _ = try LuaProgram(text, name: "")
            return nil
        } catch {
            // `:12: unexpected symbol near 'x'`
            let parts = error.description.split(separator: ":", maxSplits: 2)
            return Fault(message: parts.last.map { $0.drop { $0 == " " } }.map(String.init) ?? error.description)
        }
    }

    /// The message of the reading that got farther.
    private static func error(in text: String, _ statement: Fault, _ expression: Fault?) -> SyntaxError {
        let tokens = SourceLexer.tokens(of: text)
        let first = firstWrong(in: text, tokens, before: "")
        let second = expression == nil ? first : firstWrong(in: text, tokens, before: "return ")
        let fault = second > first ? expression ?? statement : statement
        let place = tokens[safe: max(first, second)]?.range.lowerBound ?? text.utf8.count
        let before = String(decoding: Array(text.utf8)[..<place], as: UTF8.self)
        let lines = before.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
        // Lua repeats the token it stopped at, which may be a long text.
        let message = fault.message.shortened(to: longestMessage)
        return SyntaxError(message: message, line: lines.count, column: (lines.last?.count ?? 0) + 1)
    }

    /// The first token with which the text is wrong, not only unfinished. Lua does not tell columns; but what begins with
    /// something wrong is wrong.
    private static func firstWrong(in text: String, _ tokens: [SourceToken], before prefix: String) -> Int {
        let bytes = Array(text.utf8)
        var (low, high) = (0, tokens.count - 1)
        while low < high {
            let middle = (low + high) / 2
            let beginning = String(decoding: bytes[..<tokens[middle].range.upperBound], as: UTF8.self)
            if let fault = fault(in: prefix + beginning), !fault.isEnd { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

extension String {
    fileprivate var trimmingSpace: Substring {
        drop { $0.isWhitespace }
    }
}
