import DataStudio
import LuaVM

/// The items of `parallel` or `chain`, and the options of the call.
struct ItemList {
    var items: [Item] = []
    /// How many run at the same time; `nil`: all.
    var limit: Int?
    /// `nil`: what `defaults` says.
    var onFailure: FailurePolicy?

    init() {}

    /// Reads `{ item, … , limit =, on_failure =, option for every label }`.
    init(_ table: LuaTable, of what: String, common: StepOptions, depth: Int = 0, _ vm: LuaVM) throws(ArgumentError) {
        let (list, fields) = try table.listAndFields(of: "the list")
        var options = StepOptions()
        for (name, value) in fields {
            switch name {
            case "limit" where what == "parallel": limit = try Self.limit(value)
            case "on_failure":
                onFailure = try FailurePolicy(
                    value, among: what == "chain" ? FailurePolicy.ofChains : FailurePolicy.allCases)
            default:
                do {
                    try options.set(name, value, vm)
                } catch {
                    throw StepOptions.names.contains(name)
                        ? error
                        : .unknownOption(name, among: ["limit", "on_failure"] + StepOptions.names)
                }
            }
        }
        let merged = options.merged(over: common)
        for (index, value) in list.enumerated() {
            items.append(try Item(value, place: "item \(index + 1)", common: merged, depth: depth, vm))
        }
    }

    /// Reads `limit`: how many, at least one.
    static func limit(_ value: LuaValue) throws(ArgumentError) -> Int {
        guard case .integer(let count) = value, count >= 1, count <= 1_000_000 else {
            throw ArgumentError("the option \"limit\" takes a whole number from 1 on; got \(value.article)")
        }
        return Int(count)
    }
}
