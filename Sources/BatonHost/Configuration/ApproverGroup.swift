import Foundation
import Glibc

/// Who may decide what a script waits for.
package struct ApproverGroup: Hashable, Sendable {
    /// Names of users.
    package var users: [String] = []
    /// Names of the machine's groups.
    package var groups: [String] = []

    /// True if the person is one of them.
    package func includes(_ approver: Approver) -> Bool {
        users.contains(approver.name) || !approver.groups.isDisjoint(with: groups)
    }

    /// As `ann, bob and the group release`.
    package var words: String {
        let all = users + groups.map { "the group \($0)" }
        return all.isEmpty ? "nobody" : all.joined(separator: ", ")
    }
}

/// The person who works with this process. An entry for the record, and no barrier: who may write the journal can write
/// anything into it.
package struct Approver: Hashable, Sendable {
    /// The user's name.
    package let name: String
    /// The groups of the machine that the user is in.
    package let groups: Set<String>

    /// A person of that name, in those groups of the machine.
    package init(name: String, groups: Set<String>) {
        self.name = name
        self.groups = groups
    }

    /// By the user who has logged in, else who called sudo, else the user of the process.
    package static var current: Approver {
        let environment = ProcessInfo.processInfo.environment
        let login = (try? String(contentsOfFile: "/proc/self/loginuid", encoding: .utf8)).flatMap {
            UInt32($0.trimmingCharacters(in: .whitespacesAndNewlines))
        }
        let id =
            [login == .max ? nil : login, environment["SUDO_UID"].flatMap { UInt32($0) }].compactMap { $0 }.first
            ?? getuid()
        guard let entry = getpwuid(id) else { return Approver(name: "user \(id)", groups: []) }
        let name = String(cString: entry.pointee.pw_name)
        return Approver(name: name, groups: groups(of: name, entry.pointee.pw_gid))
    }

    private static func groups(of name: String, _ own: gid_t) -> Set<String> {
        var count: Int32 = 256
        var ids = [gid_t](repeating: 0, count: Int(count))
        guard getgrouplist(name, own, &ids, &count) >= 0 else { return [] }
        return Set(ids.prefix(Int(count)).compactMap { getgrgid($0).map { String(cString: $0.pointee.gr_name) } })
    }
}
