import Journal

/// Runs the body of a command: what is wrong has been told when this returns the exit code.
///
/// - Parameters:
///   - starts: true for what would have begun something: then it is said that nothing was.
///   - refused: told of what was wrong.
///   - isKnown: true for what was told before: then it counts as if nothing had been to do.
func telling(
    json: Bool = false, starts: Bool = false, refused: (Refusal, Int32) async -> Void = { _, _ in },
    isKnown: (Refusal) -> Bool = { _ in false },
    _ body: () async throws -> Int32
) async -> Int32 {
    do {
        return try await body()
    } catch {
        let refusal = Refusal(error)
        if isKnown(refusal) { return 0 }
        let code: Int32 = error is JournalError ? 9 : refusal.code
        refusal.tell(json: json, code: code, nothingStarted: starts)
        await refused(refusal, code)
        return code
    }
}
