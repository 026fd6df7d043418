import BatonHost
import DataStudio
import Foundation
import Testing

/// The zones of the machine: what `TZ` may say, and how the machine's own is found.
@Suite struct ZoneDatabaseTests {
    private static let london = "/usr/share/zoneinfo/Europe/London"
    private static let summer: Int64 = 1_782_864_000

    /// The folder has the zones `Europe/London`, of a version, and `Odd`, which is no zone.
    private static func folder(version: String? = "2026a") throws -> Folder {
        let folder = try Folder()
        let file = try #require(FileManager.default.contents(atPath: london), "the package tzdata is missing")
        try FileManager.default.createDirectory(
            atPath: folder.path + "/zoneinfo/Europe", withIntermediateDirectories: true)
        try file.write(to: URL(filePath: folder.path + "/zoneinfo/Europe/London"))
        try folder.write("Lo", to: "zoneinfo/Odd")
        if let version { try folder.write("# version \(version)\n# more\n", to: "zoneinfo/tzdata.zi") }
        return folder
    }

    private static func database(_ folder: Folder, _ zone: String?) -> ZoneDatabase {
        ZoneDatabase(
            environment: ["TZDIR": folder.path + "/zoneinfo"].merging(zone.map { ["TZ": $0] } ?? [:]) { $1 },
            localtime: folder.path + "/localtime")
    }

    @Test(arguments: [
        ("Europe/London", "Europe/London", "BST"), (":Europe/London", "Europe/London", "BST"),
        (london, london, "BST"), (":" + london, london, "BST"),
        ("CET-1CEST,M3.5.0,M10.5.0/3", "CET-1CEST,M3.5.0,M10.5.0/3", "CEST"), ("UTC+3", "UTC+3", "UTC"),
        ("<-03>3", "<-03>3", "-03"), ("", "UTC", "UTC"), (":", "UTC", "UTC"), ("UTC", "UTC", "UTC"),
        ("Etc/UTC", "Etc/UTC", "UTC"), ("GMT", "GMT", "GMT"),
    ])
    func `TZ says what it says to the C library`(variable: String, name: String, abbreviation: String) throws {
        let folder = try Self.folder()
        defer { withExtendedLifetime(folder) {} }
        let zone = try Self.database(folder, variable).own()
        #expect(zone.name == name)
        #expect(zone.offset(at: Self.summer).abbreviation == abbreviation)
    }

    @Test(arguments: [
        ("Europe/Lundon", "there is no time zone \"Europe/Lundon\" on this machine"),
        ("Europe", "there is no time zone \"Europe\" on this machine"),
        ("CET-1CEST", "\"CET-1CEST\" does not say when summer time begins and ends"),
        ("Odd", "the time zone \"Odd\" cannot be used: it is no file of the time zone database"),
        ("/dev/zero", "there is no time zone \"/dev/zero\" on this machine"),
    ])
    func `what is no zone is refused, and is not UTC`(variable: String, message: String) throws {
        let folder = try Self.folder()
        defer { withExtendedLifetime(folder) {} }
        let error = try #require(throws: ZoneError.self) { try Self.database(folder, variable).own() }
        #expect(error.description.hasPrefix("TZ: " + message), "\(error)")
    }

    @Test func `without a database there is UTC, and rules`() throws {
        let folder = try Folder()
        for name in ["UTC", "Etc/UTC", "CET-1"] { #expect(try Self.database(folder, name).own().name == name) }
        #expect(
            throws: ZoneError(
                "TZ: there is no time zone \"Europe/London\": the database is missing, "
                    + "\(folder.path)/zoneinfo; the package tzdata has it")
        ) {
            try Self.database(folder, "Europe/London").own()
        }
    }

    @Test func `the machine's zone has the name that its link leads to`() throws {
        let folder = try Self.folder()
        let localtime = folder.path + "/localtime"
        #expect(try Self.database(folder, nil).own().name == "UTC")
        try FileManager.default.createSymbolicLink(
            atPath: localtime, withDestinationPath: "../usr/share/zoneinfo/Europe/London")
        let linked = try Self.database(folder, nil).own()
        #expect(linked.name == "Europe/London" && linked.version == "2026a")
        // A copy has no name; its path is one.
        try FileManager.default.removeItem(atPath: localtime)
        try FileManager.default.copyItem(atPath: Self.london, toPath: localtime)
        let copied = try Self.database(folder, nil).own()
        #expect(copied.name == localtime && copied.offset(at: Self.summer).abbreviation == "BST")
        #expect(try Self.database(folder, nil).zone(named: copied.name) == copied)
        // The zone of a machine without its database.
        try FileManager.default.removeItem(atPath: localtime)
        try FileManager.default.createSymbolicLink(
            atPath: localtime, withDestinationPath: "/usr/share/zoneinfo/Europe/Oslo")
        #expect(throws: ZoneError("there is no time zone \"Europe/Oslo\" on this machine")) {
            try Self.database(folder, nil).own()
        }
    }

    @Test func `the version is that of the database, where it says one`() throws {
        let folder = try Self.folder()
        defer { withExtendedLifetime(folder) {} }
        let database = Self.database(folder, "Europe/London")
        #expect(try database.own().version == "2026a")
        // What is none of it, and what is the same in all.
        #expect(try database.zone(named: Self.london).version == nil)
        #expect(try database.zone(named: "CET-1").version == nil)
        let silent = try Self.folder(version: nil)
        #expect(try Self.database(silent, "Europe/London").own().version == nil)
        try silent.write("2026b\n", to: "zoneinfo/+VERSION")
        #expect(try Self.database(silent, "Europe/London").own().version == "2026b")
        #expect(try ZoneDatabase(environment: ["TZ": "UTC"]).own().version == nil)
    }
}
