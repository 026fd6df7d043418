/// The tasks of a VM by slot.
///
/// Memory of its own rather than an array in a class: looking at a task takes no exclusivity check and no check for other
/// owners, of which a wait would need a dozen. Safe: only the VM that owns the table uses it, slots are always below
/// `count`, and no address outlives the statement that asked for it.
final class LuaTaskTable {
    private var base = UnsafeMutablePointer<LuaTask>.allocate(capacity: 16)
    private var capacity = 16
    /// How many slots there are, used or free.
    private(set) var count = 0

    deinit {
        base.deinitialize(count: count)
        base.deallocate()
    }

    /// Adds a free slot.
    func append() {
        if count == capacity {
            let larger = UnsafeMutablePointer<LuaTask>.allocate(capacity: capacity * 2)
            larger.moveInitialize(from: base, count: count)
            base.deallocate()
            base = larger
            capacity *= 2
        }
        (base + count).initialize(to: LuaTask())
        count += 1
    }

    subscript(slot: Int) -> LuaTask {
        unsafeAddress {
            assert(slot >= 0 && slot < count)
            return UnsafePointer(base + slot)
        }
        unsafeMutableAddress {
            assert(slot >= 0 && slot < count)
            return base + slot
        }
    }
}
