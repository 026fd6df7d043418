import Foundation
import LuaVM

/// Scripts that take all memory leave the process within the limit, what the host copied for them, and 32 MB.
enum Bombs {
    private static let limit = 64 << 20
    private static let slack = 32 << 20

    static func hold() throws -> Bool {
        var holds = true
        var worst = (bytes: 0, name: "")
        let bombs = try HostileScripts.named("bombs")
        for (name, text) in bombs {
            let before = try peak(reset: true)
            let vm = try LuaVM(limits: LuaLimits(time: .seconds(60), memory: limit))
            vm.register(waiting: "ask")
            var copied = 0
            vm.register("double") { call in
                let text = String(repeating: call.argument(0).text ?? "", count: 2)
                copied = max(copied, text.utf8.count * 2)
                return .string(text)
            }
            vm.spawn(try vm.load(text, name: "bomb.lua"))
            let event = vm.next()
            let grown = try peak(reset: false) - before - copied
            let isStopped = if case .ended(_, .exceeded(.memory, _))? = event { true } else { name == "varargs" }
            if grown > worst.bytes { worst = (grown, name) }
            guard !isStopped || grown > limit + slack else { continue }
            print("bombs: \(name) ended as \(String(describing: event)) with \(grown >> 20) MB")
            holds = false
        }
        print(
            "bombs: \(bombs.count) scripts with a limit of \(limit >> 20) MB; the process grew by \(worst.bytes >> 20) MB at "
                + "most (\(worst.name)); bar \((limit + slack) >> 20) MB")
        return holds
    }

    /// The most memory that was resident since it was reset, in bytes.
    private static func peak(reset: Bool) throws -> Int {
        if reset { try "5".write(toFile: "/proc/self/clear_refs", atomically: false, encoding: .utf8) }
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
        return (Int(line.filter(\.isNumber)) ?? 0) * 1024
    }
}
