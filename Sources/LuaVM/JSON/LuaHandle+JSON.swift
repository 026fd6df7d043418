extension LuaHandle {
    /// `json.null`. No host has handles of this kind.
    static let jsonNull = LuaHandle(kind: .min, id: 0, fields: LuaTable(fields: ["description": "null"]))
}

extension LuaValue {
    /// True for the `json.null` that ``LuaVM/openJSON(maximumLength:)`` gives to scripts.
    public var isJSONNull: Bool {
        if case .handle(let handle) = self { handle == .jsonNull } else { false }
    }
}
