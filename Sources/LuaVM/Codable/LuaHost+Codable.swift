extension LuaHost {
    /// Reads a Swift value from a Lua value of this host by the rules of ``LuaVM/decode(_:from:named:)``: what a script
    /// returned, or what a host function was given.
    ///
    /// - Parameter name: what messages call the value.
    /// - Throws: ``LuaCodingError``. What the Swift types throw themselves becomes one as well.
    public func decode<Value: Decodable & Sendable>(
        _ type: Value.Type, from value: LuaValue, named name: String = ""
    ) throws(LuaCodingError) -> Value {
        try vm.decode(type, from: value, named: name)
    }
}
