import CLuaShim

extension LuaVM {
    /// Gives scripts the global table `json`. Once for a VM.
    ///
    /// - `json.encode(value [, { pretty = true }])` gives text. Keys come in the order of ``LuaVM/entries(of:)``; `1.0`
    ///   stays `1.0`. A table is an array if it has the keys 1 to n or is marked as one, and an object if all its keys
    ///   are strings; the empty table is an object. Metamethods are not called.
    /// - `json.decode(text [, { null = true }])` gives the value. Integers are exact, those beyond 64 bits become floats,
    ///   and of members with the same name the last counts. `null` is `nil`, which leaves a member out of its table and
    ///   a hole in a list; with the option it is `json.null`. Arrays are marked as such.
    /// - `json.array(table)` marks a table as an array, in place of the metatable it had, and returns it.
    /// - `json.null` stands for `null`. It is equal to itself, true, and reads `null`.
    ///
    /// Whatever has no place in JSON is an error with the path to it: `json.encode: items[3].f: a function`. So are
    /// tables that contain themselves, and more than 200 levels. Errors of `json.decode` carry line and column.
    ///
    /// - Parameter maximumLength: the longest text that is written or read, in bytes; each table that is written counts
    ///   64 bytes more. Small tables can stand for endless text, because one that is found in many places is written in
    ///   each.
    /// - Throws: ``LuaError`` when there is no memory.
    public func openJSON(maximumLength: Int = 64 << 20) throws(LuaError) {
        // Scripts cannot reach it: what they put into it would hold for every array.
        let metatable = LuaTable(fields: ["__metatable": "json.array"])
        guard main.push(.table(metatable)), lvm_register_metatable(main.state, LuaMetatable.jsonArray.number),
            main.push(.handle(.jsonNull))
        else { throw LuaError("not enough memory") }
        // Read back, so that the scripts' value is the same wherever it comes from, as a key too.
        let null = main.read(-1)
        guard lvm_set_global(main.state, "json", "null") else { throw LuaError("not enough memory") }

        let library = JSONLibrary(maximumLength: maximumLength, null: null)
        register("json.encode") { call in try library.encode(call) }
        register("json.decode") { call in try library.decode(call) }
        register("json.array") { call in try library.array(call) }
    }
}
