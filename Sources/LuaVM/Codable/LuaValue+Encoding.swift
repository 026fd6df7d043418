extension LuaValue {
    /// The Lua value of a Swift value.
    ///
    /// ```swift
    /// vm.resume(token, returning: [try LuaValue(encoding: report)])
    /// ```
    ///
    /// - Types with named fields become tables with these fields, in the order they are encoded; a field that is `nil`
    ///   is left out. A coding key with an integer becomes an index, except in a dictionary with strings as keys.
    /// - Sequences become lists, `[UInt8]` too. `nil` in one is an error: a hole would end the list for a script.
    /// - Integers and floats stay apart. An integer beyond Lua's 64 bits is an error.
    ///
    /// - Parameter name: what messages call the value.
    /// - Throws: ``LuaCodingError``, also for more than 100 values inside each other. What the Swift types throw
    ///   themselves becomes one as well.
    public init(encoding value: some Encodable, named name: String = "") throws(LuaCodingError) {
        let node = LuaEncodingNode()
        do {
            try LuaEncoder(node: node, path: []).encode(value)
        } catch {
            throw LuaCodingError(error, of: name)
        }
        self = node.luaValue
    }
}
