package import DataStudio
import Escaping
import Foundation
import SystemPackage

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// The time zones of this machine: the database of the system, and what `TZ` says.
///
/// Names mean what they mean to the C library: `Europe/London`, `:Europe/London`, the path of a file, or a rule as
/// `CET-1CEST,M3.5.0,M10.5.0/3`. But what is no zone is an error; to the C library it is UTC.
package struct ZoneDatabase: Sendable {
    private let folder: String
    private let localtime: String
    private let variable: String?

    /// - Parameters:
    ///   - environment: `TZ` has the zone, `TZDIR` the folder of the database.
    ///   - localtime: the file that has the zone of the machine, mostly as a link into the database.
    package init(
        environment: [String: String] = ProcessInfo.processInfo.environment, localtime: String = "/etc/localtime"
    ) {
        folder = environment["TZDIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "/usr/share/zoneinfo"
        variable = environment["TZ"]
        self.localtime = localtime
    }

    /// The zone of the process: that of `TZ`, or that of the machine.
    ///
    /// - Throws: for a `TZ` that is no zone, and for a machine whose zone is not in its database.
    package func own() throws(ZoneError) -> ZoneRules {
        guard let variable else { return try zone(named: machine) }
        do {
            return try zone(named: ["", ":"].contains(variable) ? "UTC" : variable)
        } catch {
            throw ZoneError("TZ: \(error)")
        }
    }

    /// The zone of that name. The rules' own name is the same, without a colon in front.
    package func zone(named name: String) throws(ZoneError) -> ZoneRules {
        let name = name.first == ":" ? String(name.dropFirst()) : name
        if let bytes = contents(of: name.first == "/" ? name : folder + "/" + name) {
            do {
                let isOurs = name.first != "/" || name == localtime || name.begins(with: folder + "/")
                return try ZoneRules(name: name, version: isOurs ? version : nil, tzif: bytes)
            } catch {
                throw ZoneError("the time zone \"\(name)\" cannot be used: \(error)")
            }
        }
        if let rules = ZoneRules(rule: name) { return rules }
        // A machine without a database has them all the same.
        if let rule = ["UTC": "UTC0", "Etc/UTC": "UTC0", "GMT": "GMT0", "Etc/GMT": "GMT0"][name],
            let rules = ZoneRules(rule: rule)
        {
            return rules.named(name)
        }
        throw problem(name)
    }

    private func problem(_ name: String) -> ZoneError {
        let example = "M3.5.0,M10.5.0/3"
        if ZoneRules(rule: "\(name),\(example)") != nil {
            return ZoneError(
                "\"\(name)\" does not say when summer time begins and ends: write the name of a place, as "
                    + "Europe/Berlin, or the rule too, as \(name),\(example)")
        }
        let isThere = FileKind(of: folder) != nil
        return ZoneError(
            "there is no time zone \"\(name)\""
                + (isThere ? " on this machine" : ": the database is missing, \(folder); the package tzdata has it"))
    }

    /// The name of the machine's zone.
    private var machine: String {
        if let target = try? FileManager.default.destinationOfSymbolicLink(atPath: localtime) {
            let mark = "/zoneinfo/"
            guard let range = target.range(of: mark, options: .backwards) else { return localtime }
            return String(target[range.upperBound...])
        }
        return contents(of: localtime) == nil ? "UTC" : localtime
    }

    /// What the package of the database or its source says; `nil`: neither is there.
    private var version: String? {
        for (file, mark) in [("+VERSION", ""), ("tzdata.zi", "# version ")] {
            guard let bytes = contents(of: folder + "/" + file, first: 64) else { continue }
            let line = String(decoding: bytes.prefix { $0 != 10 && $0 != 13 }, as: UTF8.self)
            guard line.begins(with: mark), line.utf8.count < 64 else { continue }
            let version = line.dropFirst(mark.count)
            if !version.isEmpty { return String(version) }
        }
        return nil
    }

    /// The beginning of a file; `nil` for what is none.
    private func contents(of path: String, first count: Int = 1 << 20) -> [UInt8]? {
        // A pipe that nobody writes to would be waited for without end.
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { return nil }
        defer { close(file) }
        guard let status = try? Stat(FileDescriptor(rawValue: file)), status.type == .regular else { return nil }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: min(count, 16_384))
        while bytes.count < count {
            let length = read(file, &buffer, min(buffer.count, count - bytes.count))
            guard length > 0 else { break }
            bytes += buffer[..<length]
        }
        return bytes
    }
}

extension ZoneRules {
    /// The zone in which people are told the time: that of the process, or UTC if there is none of its name.
    package static let people = (try? ZoneDatabase().own()) ?? .utc
}
