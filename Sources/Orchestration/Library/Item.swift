import LuaVM

/// One entry of `parallel` or `chain`.
enum Item {
    indirect case step(label: String, StepOptions)
    case function(LuaReference, arguments: [LuaValue])
    case handle(LuaHandle)
    /// A job of somebody else.
    indirect case job(JobReference)
    /// What has begun already.
    case node(NodeID)
    /// The items one after the other; the id is that of the chain the script made.
    case chain(Int64?, [Item], FailurePolicy)
    /// `false`: left out; its result is `false`.
    case absent

    /// True for what begins with the group, unlike what is waited for only.
    var begins: Bool {
        switch self {
        case .step, .function, .chain: true
        case .handle, .job, .node, .absent: false
        }
    }

    /// What the report calls it.
    var title: String {
        switch self {
        case .step(let label, let options): options.name ?? label
        case .function(_, let arguments): arguments.first?.text ?? "function"
        case .handle, .node: "handle"
        case .job(let job): job.title
        case .chain(_, let items, _): items.map(\.title).joined(separator: " → ")
        case .absent: "false"
        }
    }
}

extension Item {
    /// Reads an item.
    ///
    /// - Parameters:
    ///   - place: how messages call it, as `item 3`; empty where there is nothing to tell apart.
    ///   - common: the options given for every label of the list.
    ///   - depth: of the chain it stands in.
    init(
        _ value: LuaValue, place: String, common: StepOptions, depth: Int = 0, _ vm: LuaVM
    ) throws(ArgumentError) {
        switch value {
        case .string(let label):
            try common.validate()
            self = .step(label: label, common)
        case .boolean(false): self = .absent
        case .handle(let handle): self = .handle(handle)
        case .reference(let reference) where reference.kind == .function: self = .function(reference, arguments: [])
        case .reference(let table) where table.kind == .table && vm.table(table, has: .chain):
            self = try Item(chain: vm.entries(of: table), common: common, depth: depth + 1, vm)
        case .reference(let table) where table.kind == .table:
            self = try Item(step: vm.entries(of: table), place: place, common: common, vm)
        default:
            throw ArgumentError(
                "\(place): a label, { label, option = … }, a function, a handle, a chain or false was expected; "
                    + "got \(value.article)")
        }
    }

    /// `{ label, option = … }`
    init(step table: LuaTable, place: String, common: StepOptions, _ vm: LuaVM) throws(ArgumentError) {
        let prefix = place.isEmpty ? "" : place + ": "
        let (list, fields) = try table.listAndFields(of: place.isEmpty ? "the table" : place)
        guard let first = list.first else { throw ArgumentError("\(prefix)the label is missing") }
        guard let label = first.text, !label.isEmpty else {
            throw ArgumentError("\(prefix)the label is a text; got \(first.article)")
        }
        guard list.count == 1 else {
            throw ArgumentError(
                "\(prefix)one label was expected; a second value follows \"\(label)\": \(list[1].article)")
        }
        var options = StepOptions()
        for (name, value) in fields {
            do {
                try options.set(name, value, vm)
            } catch {
                throw ArgumentError((place.isEmpty ? "" : place + ", ") + "\"\(label)\": \(error.message)")
            }
        }
        let merged = options.merged(over: common)
        guard place.isEmpty || merged.detaches == nil else {
            throw ArgumentError("\(prefix)the option \"detach\" is for start only")
        }
        try merged.validate()
        self = .step(label: label, merged)
    }

    private init(chain table: LuaTable, common: StepOptions, depth: Int, _ vm: LuaVM) throws(ArgumentError) {
        guard depth <= 50 else { throw ArgumentError("chains are nested more than 50 deep") }
        guard case .integer(let id)? = table["id"], let items = table["items"]?.tableReference else {
            throw ArgumentError("a chain is made by chain { item, … } only")
        }
        let list = try ItemList(vm.entries(of: items), of: "chain", common: common, depth: depth, vm)
        // Its items follow each other, whatever is usual for lists: only the chain itself says that none needs another.
        self = .chain(id, list.items, list.onFailure ?? .finish)
    }
}
