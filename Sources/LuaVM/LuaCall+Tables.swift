import CLuaShim

extension LuaCall {
    /// One level of a table that a script holds, as ``LuaVM/entries(of:)`` gives it. Read on the thread that made the
    /// call: a host function may not ask the VM.
    public func entries(of table: LuaReference) -> LuaTable {
        guard table.kind == .table, stack.push(.reference(table)) else { return LuaTable() }
        defer { lvm_pop(stack.state, 1) }
        return stack.entries(at: -1)
    }
}
