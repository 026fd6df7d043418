/// What a block of a script, `lock(name, fn)` or `pool(name, size, fn)`, wants to hold while it runs.
package struct LockRequest: Hashable, Sendable {
    /// The name, which all runs of a journal have in common.
    package let name: String
    /// How many blocks may hold it at a time; 1 for a lock.
    package let size: Int
    /// The key of the block: what begins in it has keys below.
    package let key: String
    /// The script's line, as `nightly.lua:12`.
    package let place: String?

    /// What a block wants to hold.
    package init(name: String, size: Int, key: String, place: String?) {
        self.name = name
        self.size = size
        self.key = key
        self.place = place
    }

    /// As people call it: `lock "warehouse"`, `pool "loads"`.
    package var title: String {
        let call = key.split(separator: "/").dropLast().last ?? ""
        return "\(call.hasPrefix("pool#") ? "pool" : "lock") \"\(name)\""
    }
}
