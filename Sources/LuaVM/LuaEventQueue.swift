/// Events that have happened and have not been told, oldest first.
final class LuaEventQueue {
    private var events: [LuaEvent] = []
    /// How many of `events` were told.
    private var head = 0
    private(set) var isEmpty = true

    func append(_ event: LuaEvent) {
        events.append(event)
        isEmpty = false
    }

    func popFirst() -> LuaEvent? {
        guard head < events.count else { return nil }
        let event = events[head]
        head += 1
        if head == events.count {
            events.removeAll(keepingCapacity: true)
            head = 0
            isEmpty = true
        }
        return event
    }
}
