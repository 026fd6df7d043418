/// How many userdata scripts hold of each handle of the host: more than one only while one of them is being collected.
final class HeldHandles {
    private struct Key: Hashable {
        let kind: Int32
        let id: Int64
    }

    private var counts: [Key: Int] = [:]

    /// One more was made.
    func retain(_ kind: Int32, _ id: Int64) {
        counts[Key(kind: kind, id: id), default: 0] += 1
    }

    /// One was collected.
    ///
    /// - Returns: true if it was the last.
    func release(_ kind: Int32, _ id: Int64) -> Bool {
        let key = Key(kind: kind, id: id)
        guard let count = counts[key] else { return false }
        counts[key] = count > 1 ? count - 1 : nil
        return count == 1
    }
}
