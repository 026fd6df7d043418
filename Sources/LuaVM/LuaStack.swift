import CLuaShim

/// The stack of one Lua thread, read and built without anything that could raise.
struct LuaStack {
    let state: OpaquePointer
    /// Safe: stacks are used by their VM, and by a call or request of it, which the VM outlives.
    unowned(unsafe) let host: HostFunctions

    /// The top `count` values, lowest first. They stay on the stack.
    func readTop(_ count: Int32) -> [LuaValue] {
        guard count > 0 else { return [] }
        let first = lvm_top(state) - count + 1
        return (first..<first + count).map { read($0) }
    }

    func read(_ index: Int32) -> LuaValue {
        switch lvm_type_of(state, index) {
        case LVM_NIL: return .nil
        case LVM_BOOLEAN: return .boolean(lvm_to_boolean(state, index))
        case LVM_INTEGER: return .integer(lvm_to_integer(state, index))
        case LVM_NUMBER: return .number(lvm_to_number(state, index))
        case LVM_STRING: return string(index)
        case LVM_HANDLE:
            var kind: Int32 = 0
            let id = lvm_to_handle(state, index, &kind)
            let object = kind == HostObjects.kind ? host.objects[id] : nil
            return .handle(LuaHandle(kind: kind, id: id, object: object, origin: reference(index, .other)))
        case LVM_TABLE: return .reference(reference(index, .table))
        case LVM_FUNCTION: return .reference(reference(index, .function))
        case LVM_THREAD: return .reference(reference(index, .thread))
        default: return .reference(reference(index, .other))
        }
    }

    private func reference(_ index: Int32, _ kind: LuaReference.Kind) -> LuaReference {
        // One that fails costs a collection: there is no second.
        let number = host.isOutOfMemory ? 0 : lvm_ref(state, index)
        if number == 0 { host.isOutOfMemory = true }
        return LuaReference(number: number, kind: kind, releases: host.releases)
    }

    private func string(_ index: Int32) -> LuaValue {
        var count = 0
        guard let start = lvm_to_string(state, index, &count) else { return .nil }
        let bytes = UnsafeRawBufferPointer(start: start, count: count)
        if let text = String(validating: bytes, as: UTF8.self) { return .string(text) }
        return .bytes([UInt8](bytes))
    }

    /// One level of the table at `index`.
    func entries(at index: Int32) -> LuaTable {
        var table = LuaTable()
        let index = index < 0 ? lvm_top(state) + index + 1 : index
        guard !host.isOutOfMemory, lvm_reserve(state, 4), lvm_push_nil(state) else { return table }
        while lvm_next(state, index) {
            table.entries.append((read(-2), read(-1)))
            lvm_pop(state, 1)
            // Whoever asked gets the memory error, or leaves: the rest is not worth a collection for each value.
            if host.isOutOfMemory || (table.entries.count % 256 == 0 && lvm_expired(state)) {
                lvm_pop(state, 1)
                break
            }
        }
        return table.sorted()
    }

    /// Pushes a value; false, with the stack as it was, when there is no memory.
    func push(_ value: LuaValue) -> Bool {
        switch value {
        case .nil: lvm_push_nil(state)
        case .boolean(let value): lvm_push_boolean(state, value)
        case .integer(let value): lvm_push_integer(state, value)
        case .number(let value): lvm_push_number(state, value)
        case .string(var text): text.withUTF8 { push($0) }
        case .bytes(let bytes): bytes.withUnsafeBufferPointer { push($0) }
        case .table(let table): push(table)
        case .reference(let reference): push(reference)
        case .handle(let handle): push(handle)
        }
    }

    private func push(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        bytes.withMemoryRebound(to: CChar.self) { lvm_push_string(state, $0.baseAddress, $0.count) }
    }

    private func push(_ table: LuaTable) -> Bool {
        guard lvm_push_table(state, 0, Int32(clamping: table.entries.count)) else { return false }
        for (key, value) in table.entries {
            guard push(key) else { return drop(1) }
            guard push(value) else { return drop(2) }
            guard lvm_raw_set(state, -3) else { return drop(1) }
        }
        if let metatable = table.metatable, !lvm_set_metatable(state, metatable.number) { return drop(1) }
        return true
    }

    private func push(_ reference: LuaReference) -> Bool {
        precondition(reference.releases === host.releases, "a reference belongs to the VM it came from")
        return reference.number != 0 && lvm_push_ref(state, reference.number)
    }

    private func push(_ handle: LuaHandle) -> Bool {
        if let origin = handle.origin { return push(origin) }
        guard push(handle.fields) else { return false }
        var exists = false
        guard let object = handle.object else {
            let isPushed = lvm_push_handle(state, handle.kind, handle.id, &exists)
            if isPushed, !exists { host.handles.retain(handle.kind, handle.id) }
            return isPushed
        }
        let id = host.objects.retain(object)
        let isPushed = lvm_push_handle(state, handle.kind, id, &exists)
        if exists || !isPushed { host.objects.release(id) }
        return isPushed
    }

    private func drop(_ count: Int32) -> Bool {
        lvm_pop(state, count)
        return false
    }

    /// Leaves an error for C to raise, and says how.
    func raise(_ error: any Error) -> Int32 {
        if error is LuaStop { return LVM_STOP }
        return push(LuaError(raising: error).value) ? LVM_RAISE : LVM_NO_MEMORY
    }

    /// Keeps the value on top, and pops it.
    func anchorTop() -> LuaValue {
        defer { lvm_pop(state, 1) }
        return .reference(reference(-1, .other))
    }

    /// What `tostring` gives for the value at `index`.
    func description(at index: Int32) -> String {
        guard lvm_push_description(state, index) else { return "?" }
        defer { lvm_pop(state, 1) }
        var count = 0
        guard let start = lvm_to_string(state, -1, &count) else { return "?" }
        return String(decoding: UnsafeRawBufferPointer(start: start, count: count), as: UTF8.self)
    }

    /// The innermost script line on the stack.
    func location() -> LuaLocation? {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 128) { buffer in
            guard let start = buffer.baseAddress else { return nil }
            let line = lvm_line(state, start, buffer.count)
            return line > 0 ? LuaLocation(source: String(cString: start), line: Int(line)) : nil
        }
    }
}
