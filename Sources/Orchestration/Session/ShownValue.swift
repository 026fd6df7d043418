/// A value of a script as people are shown it: no more of it than they can read.
package indirect enum ShownValue: Hashable, Sendable {
    /// One that is read as a whole: a number, a text in quotes, a job.
    case text(String)
    /// A table: its list first, then its fields in the order of their names; and how many entries are left out.
    case table([Entry], omitted: Int)

    /// An entry of a table.
    package struct Entry: Hashable, Sendable {
        /// As a constructor would have it; `nil` for an entry of the list.
        package var key: String?
        /// What stands there.
        package var value: ShownValue

        /// An entry; without a key it is the next of the list.
        package init(key: String? = nil, value: ShownValue) {
            self.key = key
            self.value = value
        }
    }
}
