import Foundation
import Glibc
import Journal
import Orchestration
import Testing

/// What may lie in a journal's folder.
@Suite struct LinkTests {
    @Test(arguments: ["locks/run-1", "mark", "mark.time", "baton.sqlite"])
    func `a link in the place of a file is not followed`(name: String) throws {
        let place = Place()
        #expect(mkdir(place.path, 0o700) == 0 && mkdir(place.folder.locks, 0o700) == 0)
        let other = place.path + "/other"
        try "kept".write(toFile: other, atomically: true, encoding: .utf8)
        #expect(symlink(other, "\(place.path)/\(name)") == 0)
        #expect(throws: (any Error).self) {
            _ = try place.open()
            _ = try FileLock.take(place.folder.locks + "/run-1")
        }
        #expect(try String(contentsOfFile: other, encoding: .utf8) == "kept")
    }
}
