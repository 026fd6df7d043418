extension LuaHost {
    /// Gives scripts the global table `json`: see ``LuaVM/openJSON(maximumLength:)``. Once for a host.
    public func openJSON(maximumLength: Int = 64 << 20) throws(LuaError) {
        try vm.openJSON(maximumLength: maximumLength)
    }
}
