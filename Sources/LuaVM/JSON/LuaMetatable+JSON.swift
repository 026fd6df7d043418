extension LuaMetatable {
    /// The metatable of tables that are a JSON array even when they are empty.
    static let jsonArray = LuaMetatable(reserved: 15)
}
