/// A row of the journal that cannot be what this version wrote.
package struct RecordError: Error, CustomStringConvertible {
    /// What is wrong with it.
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}
