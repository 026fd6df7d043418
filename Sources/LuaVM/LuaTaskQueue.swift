/// Tasks that can run, oldest first.
///
/// A ring in memory of its own, for the reason that ``LuaTaskTable`` gives. Safe: only the VM that owns the queue uses it,
/// and what is read lies between `head` and `head + count`.
final class LuaTaskQueue {
    private var base = UnsafeMutablePointer<LuaTaskID>.allocate(capacity: 16)
    /// A power of two.
    private var capacity = 16
    private var head = 0
    private var count = 0

    deinit { base.deallocate() }

    func append(_ id: LuaTaskID) {
        if count == capacity {
            let larger = UnsafeMutablePointer<LuaTaskID>.allocate(capacity: capacity * 2)
            for index in 0..<count { (larger + index).initialize(to: base[(head + index) & (capacity - 1)]) }
            base.deallocate()
            base = larger
            capacity *= 2
            head = 0
        }
        (base + ((head + count) & (capacity - 1))).initialize(to: id)
        count += 1
    }

    func popFirst() -> LuaTaskID? {
        guard count > 0 else { return nil }
        let id = base[head]
        head = (head + 1) & (capacity - 1)
        count -= 1
        return id
    }
}
