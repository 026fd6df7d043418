extension LuaCall {
    /// Reads a Swift value from a Lua value by the rules of ``LuaVM/decode(_:from:named:)``.
    ///
    /// ```swift
    /// vm.register("area") { call in
    ///     let size = try call.decode(Size.self, from: call.argument(0), named: "size")
    ///     return [.number(size.width * size.height)]
    /// }
    /// ```
    ///
    /// - Parameter name: what messages call the value.
    /// - Throws: ``LuaCodingError``. What the Swift types throw themselves becomes one as well.
    public func decode<Value: Decodable>(
        _ type: Value.Type, from value: LuaValue, named name: String = ""
    ) throws(LuaCodingError) -> Value {
        try LuaDecoder.decode(type, from: value, named: name, reading: entries(of:))
    }
}
