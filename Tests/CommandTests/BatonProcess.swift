import Foundation
import Subprocess
import SystemPackage

/// The built `baton` as a process.
enum BatonProcess {
    /// A process that has ended.
    struct Finished: Sendable {
        /// The exit code; 256 and more for a signal that killed it.
        let code: Int32
        let output: String
        let errors: String
    }

    /// A process that runs, or that has ended and is not reaped yet: no other process has its id.
    struct Running: Sendable {
        let id: pid_t

        /// Stops it by SIGSTOP, and waits until all of its threads have stopped.
        ///
        /// - Returns: false if it has ended.
        func stop() -> Bool {
            kill(id, SIGSTOP)
            var information = siginfo_t()
            // WNOWAIT leaves the end of the process to whoever reaps it.
            while waitid(P_PID, id_t(id), &information, WSTOPPED | WEXITED | WNOWAIT) != 0 {
                guard errno == EINTR else { return false }
            }
            return information.si_code == Int32(CLD_STOPPED)
        }

        /// Lets it run again after ``stop()``.
        func proceed() { kill(id, SIGCONT) }
    }

    /// The binary beside the one that runs the tests.
    static let binary = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent().appendingPathComponent("baton").path
    /// The same without links, as the program itself sees it.
    static let real = URL(fileURLWithPath: binary).resolvingSymlinksInPath().path
    /// The root of the checkout.
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private static let limit = 8 << 20

    /// Runs it to its end. The environment is empty but for `PATH`, `HOME`, `LANG` and what is given.
    ///
    /// - Parameters:
    ///   - text: once a line of standard error has it, `perform` is called, with everything written so far.
    ///   - moment: when it is killed, if it has not ended by then.
    ///   - perform: is given a function that sends a signal.
    ///   - meanwhile: called when the process has begun. What the process writes is read after that, so this must return
    ///     once the process has ended. If it throws, the process is killed.
    static func run(
        _ arguments: [String], environment: [String: String] = [:], in directory: URL, executable: String = binary,
        whenErrorsSay text: String = "\0", killAfter moment: Duration? = nil,
        perform: ((_ errors: String, _ send: (Signal) throws -> Void) async throws -> Void)? = nil,
        meanwhile: ((Running) async throws -> Void)? = nil
    ) async throws -> Finished {
        // Most scenarios accept workflows that they do not list.
        let variables = [
            "PATH": "/usr/bin:/bin", "HOME": directory.path, "LANG": "C.UTF-8", "BATON_CHECK_LABELS": "false",
        ].merging(environment) { $1 }
        let keyed = Dictionary(
            uniqueKeysWithValues: variables.map { (Environment.Key(stringLiteral: $0.key), $0.value) })
        let result = try await Subprocess.run(
            .path(FilePath(executable)), arguments: Arguments(arguments), environment: .custom(keyed),
            workingDirectory: FilePath(directory.path), input: .none, output: .string(limit: limit), error: .sequence
        ) { execution in
            var errors = ""
            var hasPerformed = false
            let process = execution.processIdentifier.value
            let killer = moment.map { moment in
                Task {
                    // It is not reaped before this closure is left: the id is its own for as long.
                    if (try? await Task.sleep(for: moment)) != nil { kill(process, SIGKILL) }
                }
            }
            defer { killer?.cancel() }
            do {
                if let meanwhile { try await meanwhile(Running(id: process)) }
                for try await line in execution.standardError.strings() {
                    errors += line.hasSuffix("\n") ? line : line + "\n"
                    if !hasPerformed, line.contains(text), let perform {
                        hasPerformed = true
                        try await perform(errors) { try execution.send(signal: $0) }
                    }
                }
            } catch {
                try? execution.send(signal: .kill)
                throw error
            }
            return errors
        }
        let code: Int32 =
            switch result.terminationStatus {
            case .exited(let code): code
            case .signaled(let signal): 256 + signal
            }
        return Finished(code: code, output: result.standardOutput, errors: result.closureResult)
    }
}
