import Foundation
import Subprocess
import SystemPackage

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// Runs a program of the configuration to its end, by files in the place of pipes: what a program does with a pipe, or
/// leaves undone, is nothing to wait for.
enum Program {
    /// What came of it.
    struct Result {
        let isSuccess: Bool
        /// The beginning of what it wrote to standard output.
        let output: String
        /// True if it wrote more than that.
        let isCut: Bool
        /// Likewise, to standard error; empty where that is passed on.
        let errors: String
    }

    private static let longestOutput = 65_536

    /// - Parameters:
    ///   - input: on its standard input; `nil`: nothing.
    ///   - keepsOutput: false if what it writes to standard output is of no use: nobody knows how much that is.
    ///   - passesErrorsOn: true for programs that may ask and explain.
    /// - Throws: if it cannot be run. It is killed when this task is cancelled.
    static func run(
        _ executable: Executable, _ arguments: [String], environment: Environment = .inherit, input: String? = nil,
        keepsOutput: Bool = true, passesErrorsOn: Bool = false
    ) async throws -> Result {
        let given = try scratchFile()
        let output = try keepsOutput ? scratchFile() : .open("/dev/null", .readWrite, options: .closeOnExec)
        let errors = try scratchFile()
        defer { for file in [given, output, errors] { try? file.close() } }
        try given.writeAll((input ?? "").utf8)
        try given.seek(offset: 0, from: .start)
        let status =
            // A terminal can be kept open by what a program leaves behind; whoever reads a pipe would wait for it.
            if passesErrorsOn, isatty(STDERR_FILENO) == 1 {
                try await Subprocess.run(
                    executable, arguments: Arguments(arguments), environment: environment,
                    input: .fileDescriptor(given, closeAfterSpawningProcess: false),
                    output: .fileDescriptor(output, closeAfterSpawningProcess: false), error: .currentStandardError
                ).terminationStatus
            } else {
                try await Subprocess.run(
                    executable, arguments: Arguments(arguments), environment: environment,
                    input: .fileDescriptor(given, closeAfterSpawningProcess: false),
                    output: .fileDescriptor(output, closeAfterSpawningProcess: false),
                    error: .fileDescriptor(errors, closeAfterSpawningProcess: false)
                ).terminationStatus
            }
        let said = try text(of: errors)
        if passesErrorsOn { _ = try? FileDescriptor.standardError.writeAll(said.utf8) }
        let isCut = try output.seek(offset: 0, from: .end) > Int64(longestOutput)
        return Result(
            isSuccess: status.isSuccess, output: try text(of: output), isCut: isCut, errors: passesErrorsOn ? "" : said)
    }

    /// A file without a name: nobody else can open it, and it goes with its descriptor. Where the system has such files in
    /// memory, no folder needs to be writable for it.
    private static func scratchFile() throws -> FileDescriptor {
        if let file = memoryFile() { return file }
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("baton-\(UUID().uuidString)").path
        let file = try FileDescriptor.open(
            FilePath(path), .readWrite, options: [.create, .exclusiveCreate, .closeOnExec], permissions: .ownerReadWrite
        )
        try? FileManager.default.removeItem(atPath: path)
        return file
    }

    /// By the library that is there: Swift does not see the function (`man 2 memfd_create`).
    private static func memoryFile() -> FileDescriptor? {
        guard let function = dlsym(nil, "memfd_create") else { return nil }
        typealias Create = @convention(c) (UnsafePointer<CChar>, UInt32) -> Int32
        // MFD_CLOEXEC
        let number = unsafeBitCast(function, to: Create.self)("baton", 1)
        return number >= 0 ? FileDescriptor(rawValue: number) : nil
    }

    private static func text(of file: FileDescriptor) throws -> String {
        let bytes = try [UInt8](unsafeUninitializedCapacity: longestOutput) { buffer, count in
            count = try file.read(fromAbsoluteOffset: 0, into: UnsafeMutableRawBufferPointer(buffer))
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
