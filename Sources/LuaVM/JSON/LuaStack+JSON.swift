import CLuaShim
import JSON

extension LuaStack {
    /// The value of a JSON text, built inside the VM: a large one has no second copy in Swift.
    ///
    /// - Parameter null: what `null` becomes.
    /// - Returns: `nil` when there is no memory, or no time left.
    func value(of json: JSON, null: LuaValue) -> LuaValue? {
        let top = lvm_top(state)
        // What was begun when memory ran out goes as well.
        defer { lvm_pop(state, lvm_top(state) - top) }
        guard push(json, null: null) else { return nil }
        let value = read(-1)
        // 0 is the number of a reference for which there was no memory.
        return value.tableReference?.number == 0 ? nil : value
    }

    /// Pushes a value; false, with a part of it on the stack, when there is no memory, or no time left.
    private func push(_ json: JSON, null: LuaValue) -> Bool {
        if lvm_expired(state) { return false }
        switch json {
        case .null: return push(null)
        case .boolean(let flag): return lvm_push_boolean(state, flag)
        case .integer(let integer): return lvm_push_integer(state, integer)
        case .number(let number): return lvm_push_number(state, number)
        case .string(let text): return push(.string(text))
        case .array(let elements):
            guard lvm_push_table(state, Int32(clamping: elements.count), 0) else { return false }
            for (index, element) in elements.enumerated() {
                guard lvm_push_integer(state, Int64(index + 1)), push(element, null: null), lvm_raw_set(state, -3)
                else { return false }
            }
            return lvm_set_metatable(state, LuaMetatable.jsonArray.number)
        case .object(let members):
            guard lvm_push_table(state, 0, Int32(clamping: members.count)) else { return false }
            for member in members {
                // An absent value is set as well: it takes away an earlier one of the same name.
                guard push(.string(member.name)), push(member.value, null: null), lvm_raw_set(state, -3)
                else { return false }
            }
            return true
        }
    }

    /// Lets go of references that were dropped during this call, instead of before the next turn.
    func releaseDropped() {
        for number in host.releases.take() { lvm_unref(state, number) }
    }
}
