import Foundation
import JSON
import StudioServer
import Testing

/// What bash offers while a command of Baton is typed.
@Suite(.timeLimit(.minutes(2))) struct ShellCompletionTests {
    private static let script = """
        source <("$1" completion bash) || exit 1
        COMP_WORDS=("$@"); COMP_CWORD=$(( ${#COMP_WORDS[@]} - 1 )); COMP_LINE="${COMP_WORDS[*]}"; COMP_POINT=${#COMP_LINE}
        _baton "$1" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
        printf '%s\\n' "${COMPREPLY[@]}"
        """

    private func offered(_ words: [String], in place: Workplace) async throws -> [String] {
        try place.write(Self.script, to: "complete.bash")
        let run = try await BatonProcess.run(
            ["complete.bash", BatonProcess.binary] + words, in: place.url, executable: "/bin/bash")
        #expect(run.errors.isEmpty, "\(run.errors)")
        return run.output.split(separator: "\n").map(String.init)
    }

    @Test func `runs, steps, scripts, states and commands are offered`() async throws {
        try await Workplace.with("others: { duration: 1ms }") { place, _ in
            try place.write("execute 'load' execute 'match'", to: "night.lua")
            #expect(try await offered(["show", ""], in: place) == [], "there is no journal")
            #expect(try await place.baton("run", "night.lua").code == 0)
            let run = try #require(try await place.runs().first?["run"]?.text)
            #expect(try await offered(["show", ""], in: place) == [run])
            #expect(try await offered(["show", run, ""], in: place) == ["load", "match"])
            #expect(try await offered(["retry", run, "--from", "l"], in: place) == ["load"])
            #expect(try await offered(["runs", "--script", ""], in: place) == ["night.lua"])
            #expect(try await offered(["runs", "--state", "in"], in: place) == ["interrupted"])
            #expect(try await offered(["comp"], in: place) == ["completion"])
        }
    }

    @Test func `servers of the configuration are offered, and a broken one is passed over`() async throws {
        let place = try Workplace()
        try place.write(
            "servers: { prod: { url: 'http://127.0.0.1:1', api_key_env: K }, test: { url: 'http://127.0.0.1:1', api_key_env: K } }",
            to: "baton.yaml")
        #expect(try await offered(["jobs", "--server", ""], in: place) == ["prod", "test"])
        try place.write("servers: [", to: "baton.yaml")
        #expect(try await offered(["jobs", "--server", ""], in: place) == [])
    }
}
