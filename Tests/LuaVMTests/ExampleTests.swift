import Foundation
import Subprocess
import SystemPackage
import Testing

/// The example of the README, as a process.
@Suite struct ExampleTests {
    @Test func `a waiting host function in ten lines`() async throws {
        // Beside the binary that runs the tests.
        let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
            .deletingLastPathComponent().appendingPathComponent("lua-host-example")
        let result = try await Subprocess.run(
            .path(FilePath(program.path)), output: .string(limit: 1 << 16), error: .string(limit: 1 << 16))
        #expect(result.terminationStatus == .exited(0), "\(result.standardError)")
        #expect(result.standardOutput == "first\nsecond\n2 tasks: second, first\n")
    }
}
