import Foundation
import StudioServer
import Subprocess
import Testing

/// What a process has from outside: limits, signals, folders, variables.
@Suite(.timeLimit(.minutes(2))) struct ProcessEdgeTests {
    @Test func `too few descriptors are told before anything begins`() async throws {
        let place = try Workplace()
        try place.write("execute 'a'", to: "test.lua")
        for limit in [16, 20, 40] {
            let run = try await BatonProcess.run(
                ["-c", "ulimit -n \(limit); exec '\(BatonProcess.binary)' run --simulate test.lua"], in: place.url,
                executable: "/bin/bash")
            #expect(run.code == 71, "\(run.code) \(run.errors)")
            #expect(run.errors.contains("ulimit -n 1024"))
        }
        // What is allowed is taken.
        let run = try await BatonProcess.run(
            ["-c", "ulimit -Sn 16; exec '\(BatonProcess.binary)' run --simulate test.lua"], in: place.url,
            executable: "/bin/bash")
        #expect(run.code == 0, "\(run.errors)")
    }

    /// Without one, the threads' library ends the process under load, with SIGILL and no word.
    @Test func `a process that has no /proc of its own begins nothing`() async throws {
        let place = try Workplace()
        try place.write("execute 'a'", to: "test.lua")
        let namespace = "unshare \(getuid() == 0 ? "" : "--map-root-user") --mount --pid --fork --kill-child"
        func run(after preparation: String) async throws -> BatonProcess.Finished {
            try await BatonProcess.run(
                ["-c", "\(namespace) sh -c \"\(preparation); exec '\(BatonProcess.binary)' run --simulate test.lua\""],
                in: place.url, executable: "/bin/bash")
        }
        for preparation in ["true", "mount -t tmpfs none /proc"] {
            let refused = try await run(after: preparation)
            #expect(refused.code == 71, "\(refused.code) \(refused.errors)")
            #expect(refused.errors.contains("mount -t proc proc /proc"), "\(refused.errors)")
        }
        let run = try await run(after: "mount -t proc proc /proc")
        #expect(run.code == 0, "\(run.errors)")
    }

    @Test(arguments: [SIGSEGV, SIGILL, SIGABRT, SIGBUS])
    func `a process that crashes prints nothing of its memory`(signal: Int32) async throws {
        let place = try Workplace()
        try place.write("execute 'slow'", to: "test.lua")
        try place.write("workflows:\n  slow: { duration: 1h }\n", to: "scenario.yaml")
        let run = try await BatonProcess.run(
            ["run", "--scenario", "scenario.yaml", "test.lua"], in: place.url, whenErrorsSay: "accepted"
        ) { _, send in try send(Signal(rawValue: signal)) }
        #expect(run.code == 256 + signal)
        #expect(!run.errors.contains("Backtrace") && !run.errors.contains("Thread 0"), "\(run.errors)")
    }

    @Test func `programs need no folder for temporary files, and notifying ones get no keys`() async throws {
        try await Workplace.with("workflows:\n  a: { duration: 1ms }\n") { place, server in
            try place.write(
                """
                server: studio
                servers:
                  studio: { url: \(server.baseURL), api_key_command: 'printf %s "$STUDIO_KEY"' }
                secrets: { token: { env: THE_TOKEN } }
                notify: { command: { run: "sh -c 'env > told'", on: [success] } }
                """, to: "baton.yaml")
            try place.write("execute 'a'", to: "test.lua")
            let run = try await BatonProcess.run(
                ["run", "test.lua"],
                environment: [
                    "TMPDIR": "/nonexistent", "STUDIO_KEY": "simulated-key", "THE_TOKEN": "s3cret-token",
                    "BATON_API_KEY": "another-key", "HARMLESS": "yes",
                ], in: place.url)
            #expect(run.code == 0, "\(run.errors)")
            let told = try place.read("told")
            #expect(told.contains("BATON_EVENT=success") && told.contains("HARMLESS=yes"), "\(told)")
            #expect(!told.contains("s3cret-token") && !told.contains("another-key"), "\(told)")
        }
    }
}
