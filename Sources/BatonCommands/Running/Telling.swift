import Journal

/// Runs the body of a command: what is wrong has been told when this returns the exit code.
///
/// - Parameter starts: true for what would have begun something: then it is said that nothing was.
func telling(json: Bool = false, starts: Bool = false, _ body: () async throws -> Int32) async -> Int32 {
    do {
        return try await body()
    } catch {
        let code: Int32 = error is JournalError ? 9 : 64
        Refusal(error).tell(json: json, code: code, nothingStarted: starts)
        return code
    }
}
