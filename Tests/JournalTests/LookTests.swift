import DataStudio
import Foundation
import GRDB
import Orchestration
import Testing

@testable import Journal

/// Reading a journal while others write it, and without leaving a trace.
@Suite struct LookTests {
    /// Everything in a journal's folder, locks included.
    private func contents(_ place: Place) throws -> [String: Data] {
        var contents: [String: Data] = [:]
        let files = try #require(FileManager.default.enumerator(atPath: place.path))
        for case let name as String in files {
            contents[name] = (try? Data(contentsOf: URL(fileURLWithPath: place.path + "/" + name))) ?? Data()
        }
        return contents
    }

    private func execute(_ sql: String, _ place: Place) throws {
        let queue = try DatabaseQueue(path: place.folder.database)
        try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
        try queue.close()
    }

    @Test func `a journal is read while another connection holds its write lock`() throws {
        let place = Place()
        let journal = try place.open()
        let run = try journal.begin()
        let lock = try WriteLock(place.folder)
        let looking = try #require(try Journal.look(at: place.folder))
        #expect(try looking.runs().map(\.id) == [run.id])
        #expect(try looking.log(of: run.id).count == 1)
        #expect(try looking.suspicions(of: run.id).isEmpty)
        #expect(try looking.openAttempts(of: run.id).isEmpty)
        try lock.release()
        // It sees what was written since.
        try journal.commit(Commit(records: [.intent(2)]), of: run.id)
        #expect(try looking.log(of: run.id, after: 1).count == 1)
    }

    @Test func `reading changes no file, and cannot write`() throws {
        let place = Place()
        let journal = try place.open()
        let run = try journal.begin()
        try journal.commit(Commit(records: [.intent(2)]), of: run.id)
        try journal.close()
        let before = try contents(place)
        let looking = try #require(try Journal.look(at: place.folder))
        #expect(try looking.runs().count == 1)
        #expect(throws: JournalError.self) { try looking.abandon(run.id, note: "") }
        try looking.close()
        let after = try contents(place).filter { !$0.key.hasSuffix("-shm") && !$0.key.hasSuffix("-wal") }
        #expect(after == before)
    }

    @Test func `who only reads does not note a restore, and does not hide it`() throws {
        let place = Place()
        let journal = try place.open()
        try journal.commit(Commit(records: [.intent(2)]), of: journal.begin().id)
        try journal.close()
        let copy = Place()
        try place.copy(to: copy)
        let looking = try #require(try Journal.look(at: copy.folder))
        #expect(try looking.runs().count == 1)
        try looking.close()
        let after = try copy.open()
        #expect(try after.state(of: .a, for: after.begin().id) { _ in true }.isRestored)
    }

    /// The process that makes a journal, or updates one, may die between any two versions of the schema.
    @Test(arguments: Journal.migrator.migrations)
    func `a journal of another version of the schema is not read, and never updated`(version: String) throws {
        let place = Place()
        try FileManager.default.createDirectory(atPath: place.path, withIntermediateDirectories: true)
        let queue = try DatabaseQueue(path: place.folder.database)
        try Journal.migrator.migrate(queue, upTo: version)
        try queue.close()
        let isNewest = version == Journal.migrator.migrations.last
        let migrations = try versions(place)
        #expect(try (Journal.look(at: place.folder) == nil) == !isNewest, "as if it were just being made")
        try execute(
            """
            INSERT INTO scripts VALUES ('h', '');
            INSERT INTO runs (id, line, path, script, text, server, began, updated, fate, fruitless, beginning)
            VALUES ('r', 'l', 'p', 's', 'h', '', 0, 0, 'ended', 0, '{}');
            """, place)
        if isNewest {
            #expect(try Journal.look(at: place.folder)?.runs().map(\.id) == ["r"])
        } else {
            #expect { try Journal.look(at: place.folder) } throws: { error in
                (error as? JournalError)?.code == .older && "\(error)".contains("baton doctor")
            }
        }
        #expect(try versions(place) == migrations)
    }

    @Test func `a journal of a newer version is not read`() throws {
        let place = Place()
        try place.open().close()
        try execute("INSERT INTO grdb_migrations VALUES ('99')", place)
        #expect { try Journal.look(at: place.folder) } throws: { ($0 as? JournalError)?.code == .newer }
    }

    @Test func `where no journal is, or one is just being made, there is nothing to read`() throws {
        let place = Place()
        #expect(try Journal.look(at: place.folder).map { _ in true } == nil)
        #expect(!FileManager.default.fileExists(atPath: place.path))
        try FileManager.default.createDirectory(atPath: place.path, withIntermediateDirectories: true)
        try Data().write(to: URL(fileURLWithPath: place.folder.database))
        #expect(try Journal.look(at: place.folder).map { _ in true } == nil)
    }

    @Test func `of a journal whose maker died in its first transaction there is nothing to read`() throws {
        let place = Place()
        let dead = Place()
        try FileManager.default.createDirectory(atPath: place.path, withIntermediateDirectories: true)
        let queue = try DatabaseQueue(path: place.folder.database)
        try queue.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA cache_size = 1; BEGIN; CREATE TABLE t (x)")
            // More than the cache holds: SQLite writes pages, and so what it would roll back first.
            for _ in 0..<100 { try database.execute(sql: "INSERT INTO t VALUES (zeroblob(4000))") }
            try place.copy(to: dead)
            try database.execute(sql: "ROLLBACK")
        }
        try #require(FileManager.default.fileExists(atPath: dead.folder.database + "-journal"))
        #expect(try Journal.look(at: dead.folder).map { _ in true } == nil)
        try dead.open().close()
        #expect(try Journal.look(at: dead.folder)?.runs().isEmpty == true)
    }

    private func versions(_ place: Place) throws -> [String] {
        try execute(place, "SELECT identifier FROM grdb_migrations ORDER BY identifier")
    }

    private func execute(_ place: Place, _ query: String) throws -> [String] {
        let queue = try DatabaseQueue(path: place.folder.database)
        defer { try? queue.close() }
        return try queue.read { try String.fetchAll($0, sql: query) }
    }
}
