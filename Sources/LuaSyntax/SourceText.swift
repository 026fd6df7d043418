/// A script's text with its tokens and its tree.
package struct SourceText {
    /// As UTF-8.
    private let bytes: [UInt8]
    /// Without comments.
    package let tokens: [SourceToken]
    /// Its statements.
    package let block: [Statement]
    /// False where the tree ends before the text does.
    package let isComplete: Bool
    /// What it has too many of; `nil` if Lua can read all of it.
    package let excess: SyntaxExcess?

    /// A text that parses; of any other the tree ends where it is wrong.
    package init(_ text: String) {
        bytes = Array(text.utf8)
        tokens = SourceLexer.tokens(of: text)
        (block, isComplete, excess) = SyntaxParser.block(of: tokens)
    }

    /// The line of a token, from 1; that of the last one for a position behind it.
    package func line(of token: Int) -> Int {
        tokens.isEmpty ? 1 : tokens[min(token, tokens.count - 1)].line
    }

    /// The column where a token begins, from 1, in characters; likewise.
    package func column(of token: Int) -> Int {
        tokens.isEmpty ? 1 : tokens[min(token, tokens.count - 1)].column
    }

    /// What is written there, from the first of these tokens to the last.
    package func text(of range: Range<Int>) -> String {
        guard let first = range.first, let last = range.last, last < tokens.count else { return "" }
        return String(decoding: bytes[tokens[first].range.lowerBound..<tokens[last].range.upperBound], as: UTF8.self)
    }
}
