/// What is to be made durable as one: everything that has not been, up to a record.
package struct Commit: Hashable, Sendable {
    /// The records that follow what is durable already, without gaps.
    package var records: [Record]

    /// Records that are to be durable together.
    package init(records: [Record]) {
        self.records = records
    }

    /// The last of them.
    package var last: Int { records.last?.sequence ?? 0 }
}
