/// Something of the host that a script holds: a job, a task. Opaque to the script, which cannot make one.
///
/// Two handles of the same kind and id are equal, in Swift and in Lua.
public struct LuaHandle: Hashable, Sendable {
    /// The host's own number for the kind of thing.
    public let kind: Int32
    /// The host's own number for the thing.
    public let id: Int64

    /// The Swift object it stands for, if it was made of one.
    public let object: (any AnyObject & Sendable)?

    /// What a script can read from it, set when it is first pushed. `description` is what `tostring` gives.
    let fields: LuaTable
    /// The userdata, for a handle that came from a script.
    let origin: LuaReference?

    /// A handle for a script that has none yet; `fields` is what it can read.
    ///
    /// - Parameter kind: not negative.
    public init(kind: Int32, id: Int64, fields: LuaTable) {
        self.init(kind: kind, id: id, fields: fields, object: nil, origin: nil)
    }

    /// A handle to an object, which lives until no script reaches a handle to it any more.
    ///
    /// - Parameters:
    ///   - description: what `tostring` gives.
    ///   - fields: what a script can read besides.
    public init(_ object: any AnyObject & Sendable, description: String, fields: LuaTable = LuaTable()) {
        var fields = fields
        fields.entries.append(("description", .string(description)))
        self.init(kind: HostObjects.kind, id: 0, fields: fields, object: object, origin: nil)
    }

    init(
        kind: Int32, id: Int64, fields: LuaTable = LuaTable(), object: (any AnyObject & Sendable)? = nil,
        origin: LuaReference?
    ) {
        self.kind = kind
        self.id = id
        self.fields = fields
        self.object = object
        self.origin = origin
    }

    /// The object decides, or else kind and id.
    public static func == (a: LuaHandle, b: LuaHandle) -> Bool {
        a.kind == b.kind && (a.object == nil ? a.id == b.id : a.object === b.object)
    }

    /// The object decides, or else kind and id.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(kind)
        if let object { hasher.combine(ObjectIdentifier(object)) } else { hasher.combine(id) }
    }
}
