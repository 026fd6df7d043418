import CLuaShim

/// Values of scripts.
extension LuaVM {
    /// One level of a table that a script holds: nested tables are references again. `__pairs` is not called.
    public func entries(of table: LuaReference) -> LuaTable {
        guard table.kind == .table, main.push(.reference(table)) else { return LuaTable() }
        defer { lvm_pop(main.state, 1) }
        return main.entries(at: -1)
    }

    /// True if the table's metatable is the one registered under `name`.
    public func table(_ table: LuaReference, has name: LuaMetatable) -> Bool {
        guard main.push(.reference(table)) else { return false }
        defer { lvm_pop(main.state, 1) }
        return lvm_has_metatable(main.state, -1, name.number)
    }

    /// Lua's `rawequal`.
    public func isEqual(_ a: LuaValue, _ b: LuaValue) -> Bool {
        guard main.push(a) else { return false }
        defer { lvm_pop(main.state, 1) }
        guard main.push(b) else { return false }
        defer { lvm_pop(main.state, 1) }
        return lvm_raw_equal(main.state, -1, -2)
    }

    /// What `tostring` gives for a value. A `__tostring` that raises, waits or takes too long is passed over.
    public func description(of value: LuaValue) -> String {
        guard main.push(value) else { return "?" }
        defer { lvm_pop(main.state, 1) }
        return main.description(at: -1)
    }

    /// Parses a chunk of text.
    ///
    /// - Parameter name: what messages call it, usually the file's name. `=name` is shown as it stands.
    /// - Throws: ``LuaError`` with the line, as in `nightly.lua:3: unexpected symbol near 'then'`.
    public func load(_ text: String, name: String) throws(LuaError) -> LuaReference {
        let chunk = name.hasPrefix("=") ? name : "@" + name
        return try load(Array(text.utf8)) { lvm_load(main.state, $0, $1, chunk) }
    }

    /// Loads what has been parsed.
    ///
    /// - Throws: ``LuaError`` when there is no memory.
    public func load(_ program: LuaProgram) throws(LuaError) -> LuaReference {
        try load(program.bytecode) { lvm_load_compiled(main.state, $0, $1) }
    }

    /// - Parameter push: leaves a function on the stack and is true, or a message and is false.
    private func load(
        _ code: [UInt8], _ push: (UnsafePointer<CChar>?, Int) -> Bool
    ) throws(LuaError) -> LuaReference {
        releaseDropped()
        let top = lvm_top(main.state)
        let parsed = code.withUnsafeBytes { bytes in
            bytes.withMemoryRebound(to: CChar.self) { push($0.baseAddress, $0.count) }
        }
        defer { lvm_pop(main.state, lvm_top(main.state) - top) }
        guard lvm_top(main.state) > top else { throw LuaError("not enough memory") }
        guard parsed, case .reference(let function) = main.read(-1) else {
            throw LuaError(main.description(at: -1))
        }
        return function
    }

    /// Bytes that Lua holds now.
    public var memory: Int { lvm_memory(vm) }

    /// Lets go of what the host dropped, and the host of what scripts dropped.
    func releaseDropped() {
        if host.releases.hasNumbers {
            for number in host.releases.take() { lvm_unref(main.state, number) }
        }
        var (kind, id): (Int32, Int64) = (0, 0)
        while lvm_take_dropped(vm, &kind, &id) {
            if kind == HostObjects.kind {
                host.objects.release(id)
            } else if host.handles.release(kind, id) {
                handleDropped(kind, id)
            }
        }
    }
}
