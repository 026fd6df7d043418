import BatonHost
import Foundation
import Glibc
import Testing

/// What a person names as a file to write.
@Suite struct OutputFileTests {
    @Test func `a file is replaced as a whole, and a link is followed`() throws {
        let folder = try Folder()
        let real = try folder.write("old", to: "real")
        symlink("real", folder.path + "/link")
        try OutputFile.write("new", to: folder.path + "/link")
        #expect(try String(contentsOfFile: real, encoding: .utf8) == "new")
        var information = stat()
        #expect(lstat(folder.path + "/link", &information) == 0 && information.st_mode & S_IFMT == S_IFLNK)
        symlink("made", folder.path + "/dangling")
        try OutputFile.write("there", to: folder.path + "/dangling")
        #expect(try String(contentsOfFile: folder.path + "/made", encoding: .utf8) == "there")
    }

    @Test func `a pipe is written to`() async throws {
        let folder = try Folder()
        let pipe = folder.path + "/pipe"
        mkfifo(pipe, 0o600)
        let reading = Task.detached { try FileHandle(forReadingFrom: URL(fileURLWithPath: pipe)).readToEnd() }
        try OutputFile.write("text", to: pipe)
        #expect(try await reading.value == Data("text".utf8))
        #expect(FileManager.default.fileExists(atPath: pipe))
    }

    /// As root a device would be replaced otherwise.
    @Test func `a device stays one, and what it does not take is an error`() throws {
        #expect(throws: (any Error).self) { try OutputFile.write("text", to: "/dev/full") }
        var information = stat()
        #expect(stat("/dev/full", &information) == 0 && information.st_mode & S_IFMT == S_IFCHR)
    }
}
