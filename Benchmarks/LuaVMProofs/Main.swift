import Foundation

/// Measures what has to hold under load. Usage: `LuaVMProofs PROOF…`, any of `stops turns leaks leaks-briefly bombs`, in the checkout.
///
/// Prints a line for each figure. Exit codes: 0 everything holds, 1 something does not, 2 wrong usage.
@main struct Main {
    static func main() throws {
        let proofs: [String: () throws -> Bool] = [
            "stops": Stops.hold, "turns": Turns.hold, "leaks": Leaks.hold, "leaks-briefly": Leaks.holdBriefly,
            "bombs": Bombs.hold,
        ]
        let names = CommandLine.arguments.dropFirst()
        guard !names.isEmpty, names.allSatisfy({ proofs[$0] != nil }) else {
            FileHandle.standardError.write(Data("usage: LuaVMProofs stops|turns|leaks|leaks-briefly|bombs …\n".utf8))
            exit(2)
        }
        var holds = true
        for name in names { holds = try proofs[name]?() ?? false && holds }
        exit(holds ? 0 : 1)
    }
}
