/// What came of one case of a test file.
struct TestCase {
    /// The file, as it was found.
    let file: String
    /// The case's name; that of a file that could not be read is empty.
    let name: String
    /// Where it stands.
    let line: Int
    /// Why it failed; `nil` for one that passed.
    var failure: String?
    /// What the last night of a case that failed looked like.
    var tree: [String] = []
    /// What the case printed.
    var output: [String] = []
    /// Real time.
    var duration = Duration.zero
}
