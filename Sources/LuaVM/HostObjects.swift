/// Swift objects that scripts hold, each until the last handle to it is collected.
final class HostObjects {
    /// The kind of handles to objects; the host's own kinds are not negative.
    static let kind: Int32 = -1

    private var objects: [Int64: (object: any AnyObject & Sendable, handles: Int)] = [:]
    private var ids: [ObjectIdentifier: Int64] = [:]
    private var lastID: Int64 = 0

    /// The id for one more handle to an object.
    func retain(_ object: any AnyObject & Sendable) -> Int64 {
        if let id = ids[ObjectIdentifier(object)] {
            objects[id]?.handles += 1
            return id
        }
        lastID += 1
        objects[lastID] = (object, 1)
        ids[ObjectIdentifier(object)] = lastID
        return lastID
    }

    /// A handle to the object is gone.
    func release(_ id: Int64) {
        guard let entry = objects[id] else { return }
        if entry.handles > 1 {
            objects[id] = (entry.object, entry.handles - 1)
        } else {
            objects[id] = nil
            ids[ObjectIdentifier(entry.object)] = nil
        }
    }

    subscript(id: Int64) -> (any AnyObject & Sendable)? { objects[id]?.object }
}
