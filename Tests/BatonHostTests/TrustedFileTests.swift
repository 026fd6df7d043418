import BatonHost
import Foundation
import Testing

#if canImport(Glibc)
import Glibc
#endif

/// Files that have a say in what Baton does are used only if nobody else can have written them.
@Suite struct TrustedFileTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private func write(_ name: String, _ text: String) throws -> String {
        let path = folder.path + "/" + name
        try FileManager.default.createDirectory(
            atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        return try folder.write(text, to: name)
    }

    private func load(_ directory: String? = nil) throws -> BatonConfiguration {
        try ConfigurationLoader(environment: ["HOME": "/nonexistent"], directory: directory ?? folder.path).load(
            needsAPI: false)
    }

    private func problem(_ directory: String? = nil) -> String {
        do {
            _ = try load(directory)
            return ""
        } catch {
            return "\(error)"
        }
    }

    /// Every mode of the file and its folder, and other owners: what others can write is refused, and told with what to do.
    @Test func `a configuration that others can write is not used`() throws {
        let file = try write("project/baton.yaml", "journal: /nonexistent\n")
        let project = (file as NSString).deletingLastPathComponent
        for mode in 0..<0o1000 where mode & 0o400 != 0 {
            chmod(file, mode_t(mode))
            let isOpen = mode & 0o022 != 0 && !(mode & 0o002 == 0 && Self.isOwnGroup)
            #expect(problem(project).isEmpty == !isOpen, "\(String(mode, radix: 8))")
        }
        chmod(file, 0o600)
        for (mode, isOpen) in [(0o700, false), (0o755, false), (0o777, true), (0o1777, false), (0o757, true)] {
            chmod(project, mode_t(mode))
            #expect(problem(project).isEmpty == !isOpen, "\(String(mode, radix: 8))")
        }
    }

    private static var isOwnGroup: Bool {
        getegid() == 0
            || getgrgid(getegid()).map { String(cString: $0.pointee.gr_name) }
                == getpwuid(geteuid()).map { String(cString: $0.pointee.pw_name) }
    }

    @Test(.enabled(if: geteuid() == 0)) func `a configuration of another user is not used, wherever it is found`()
        throws
    {
        let planted = try write("baton.yaml", "secrets:\n  a: { command: 'touch planted' }\n")
        let inner = try write("project/nightly.lua", "")
        chown(planted, 65_534, 65_534)
        let text = problem((inner as NSString).deletingLastPathComponent)
        #expect(text.contains("belongs to nobody, and could run programs as root"), "\(text)")
        chown(planted, 0, 0)
        #expect(problem((inner as NSString).deletingLastPathComponent).isEmpty)
    }

    @Test func `what is no regular file is refused and not waited for`() throws {
        let pipe = folder.path + "/baton.yaml"
        mkfifo(pipe, 0o600)
        #expect(problem().contains("is no regular file"))
    }

    /// As Kubernetes mounts secrets: a link to a link to the file.
    @Test func `a key behind links is read, and the file behind them is what counts`() async throws {
        let real = try write("data/1/key", "abcdefghijklmnop\n")
        chmod(real, 0o440)
        symlink("1", folder.path + "/data/current")
        symlink("data/current/key", folder.path + "/key")
        let source = SecretSource.file(folder.path + "/key")
        #expect(try await source.read().description == "…mnop")
        chmod(real, 0o444)
        let error = await #expect(throws: ConfigurationError.self) { try await source.read() }
        let path = realpath(real, nil).map { String(cString: $0) } ?? ""
        #expect(error?.description.contains("chmod o= \(path)") == true, "\(error?.description ?? "")")
        let missing = await #expect(throws: ConfigurationError.self) {
            try await SecretSource.file(folder.path + "/none").read()
        }
        #expect(missing?.description.contains("does not exist") == true)
    }
}
