/// Something of the host that a script holds: a job, a task. Opaque to the script, which cannot make one.
///
/// Two handles of the same kind and id are equal, in Swift and in Lua.
public struct LuaHandle: Hashable, Sendable {
    /// The host's own number for the kind of thing.
    public let kind: Int32
    /// The host's own number for the thing.
    public let id: Int64

    /// What a script can read from it, set when it is first pushed. `description` is what `tostring` gives.
    let fields: LuaTable
    /// The userdata, for a handle that came from a script.
    let origin: LuaReference?

    /// A handle for a script that has none yet; `fields` is what it can read.
    public init(kind: Int32, id: Int64, fields: LuaTable) {
        self.init(kind: kind, id: id, fields: fields, origin: nil)
    }

    init(kind: Int32, id: Int64, fields: LuaTable = LuaTable(), origin: LuaReference?) {
        self.kind = kind
        self.id = id
        self.fields = fields
        self.origin = origin
    }

    /// Kind and id decide.
    public static func == (a: LuaHandle, b: LuaHandle) -> Bool { a.kind == b.kind && a.id == b.id }

    /// Kind and id decide.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(kind)
        hasher.combine(id)
    }
}
