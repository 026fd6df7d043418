extension LuaVM {
    /// Reads a Swift value from a Lua value, tables of scripts with all that is in them.
    ///
    /// ```swift
    /// struct Params: Decodable { var label: String; var regions: [String] }
    /// let params = try vm.decode(Params.self, from: request.arguments[0], named: "params")
    /// // params.regions[3]: expected string, got table
    /// ```
    ///
    /// - Integers stand for floats, and floats without a fraction for integers; numbers and strings never for each
    ///   other. An integer that the Swift type cannot hold is an error.
    /// - `nil`, `json.null` and a key that is not there are the same: an optional is `nil`, anything else an error.
    /// - A list is a table whose keys are exactly 1 to n. The empty table is a list, and an object too.
    /// - Coding keys with an integer stand for that index, and where there is none for the name.
    ///   Keys that the Swift type does not ask for are passed over.
    /// - Tables are read when the Swift type asks for them, up to 100 inside each other. `__pairs` and `__index` are not
    ///   called.
    ///
    /// Not for host functions, which may not call back into the VM: see ``LuaCall/decode(_:from:named:)``.
    ///
    /// - Parameter name: what messages call the value.
    /// - Throws: ``LuaCodingError``. What the Swift types throw themselves becomes one as well.
    public func decode<Value: Decodable>(
        _ type: Value.Type, from value: LuaValue, named name: String = ""
    ) throws(LuaCodingError) -> Value {
        try LuaDecoder.decode(type, from: value, named: name, reading: entries(of:))
    }
}
