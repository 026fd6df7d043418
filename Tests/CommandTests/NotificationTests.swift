import DataStudio
import Foundation
import JSON
import SimulatedStudio
import StudioServer
import TestPeer
import Testing

/// Telling people changes nothing of a run, whatever becomes of it.
@Suite struct NotificationTests {
    private static let scenario = """
        workflows: { good: { duration: 50ms }, bad: { duration: 50ms, outcome: FAILED, message: Row 17 } }
        """

    enum Endpoint: CaseIterable {
        case works, hangs, refuses, fails, redirects, closes

        func behaviour(_ other: Int) -> Peer.Behaviour {
            switch self {
            case .works, .refuses: .answer(200, "ok")
            case .hangs: .silence
            case .fails: .answer(500, "no")
            case .redirects: .answer(302, ["location": "http://127.0.0.1:\(other)/elsewhere"], "")
            case .closes: .close
            }
        }
    }

    @Test(arguments: Endpoint.allCases, [("good", Int32(0)), ("bad", 1)])
    func `whatever an endpoint does, the result and the exit code are the run's`(
        endpoint: Endpoint, night: (script: String, code: Int32)
    ) async throws {
        try await Peer.with { _, _ in
            .answer(200, "")
        } _: { elsewhere, other in
            try await Peer.with { _, _ in
                endpoint.behaviour(other)
            } _: { peer, port in
                try await Workplace.with(Self.scenario) { place, server in
                    let used = endpoint == .refuses ? 1 : port
                    try place.configure(
                        server, key: "simulated-key",
                        more: """
                                settle: 200ms
                            notify:
                              webhook: { url: "http://127.0.0.1:\(used)/hook", on: [start, success, failure, notify] }
                              ping: { url: "http://127.0.0.1:\(used)/ping" }
                            """)
                    try place.write(
                        "notify 'it begins' print(pcall(execute, 'good')) execute '\(night.script)'", to: "n.lua")
                    let began = ContinuousClock.now
                    let run = try await place.baton("run", "--json", "n.lua")
                    #expect(run.code == night.code, "\(run.errors)")
                    // 10 s for what the script wants told, 10 s for the end; the machine may be busy.
                    #expect(ContinuousClock.now - began < .seconds(60))
                    let events = try run.output.split(separator: "\n").map { try JSON(parsing: Array($0.utf8)) }
                    #expect(events.last?["event"] == "ended")
                    #expect(events.last?["exit_code"] == .integer(Int64(night.code)))
                    #expect(server.starts == ["good", night.script])
                    let told = run.errors.contains("warn: notify.webhook: a message could not be delivered: ")
                    #expect(told == (endpoint != .works), "\(run.output)")
                    if endpoint == .works {
                        let hooks = peer.requests.filter { $0.path == "/hook" }
                        let bodies = try hooks.map { try JSON(parsing: Array($0.body.utf8)) }
                        #expect(
                            bodies.compactMap { $0["event"]?.text }.sorted()
                                == [night.code == 0 ? "success" : "failure", "notify", "start"].sorted())
                        let pings = peer.requests.filter { $0.path.hasPrefix("/ping") }.map(\.path)
                        #expect(pings == ["/ping/start", night.code == 0 ? "/ping" : "/ping/fail"])
                    }
                    // A redirect is not followed: who knows to whom.
                    #expect(elsewhere.requests.isEmpty)
                }
            }
        }
    }

    @Test func `what is late is told when it happens, and a refused script too`() async throws {
        try await Peer.with { _, _ in
            .answer(200, "")
        } _: { peer, port in
            try await Workplace.with("workflows: { slow: { duration: 2s } }") { place, server in
                try place.configure(
                    server, key: "simulated-key",
                    more: "    settle: 200ms\nnotify: { webhook: { url: 'http://127.0.0.1:\(port)/' } }\n")
                try place.write("execute { 'slow', max = '200ms', on_check = 'warn' }", to: "late.lua")
                #expect(try await place.baton("run", "late.lua").code == 0)
                let body = try JSON(parsing: Array(try #require(peer.requests.first).body.utf8))
                #expect(peer.requests.count == 1)
                #expect(body["event"] == "late")
                #expect(body["status"] == "running")
                #expect(body["title"]?.text?.contains("slow: LATE, it takes longer than its max of 200 ms") == true)
                try place.write("exeucte 'slow'", to: "wrong.lua")
                #expect(try await place.baton("run", "wrong.lua").code == 64)
                let refusal = try JSON(parsing: Array(try #require(peer.requests.last).body.utf8))
                #expect(refusal["event"] == "failure")
                #expect(refusal["exit_code"] == 64)
                #expect(refusal["text"]?.text?.contains("nothing is called \"exeucte\"") == true)
            }
        }
    }

    @Test func `a test message of each kind is sent, and what cannot be delivered is reported`() async throws {
        try await Peer.with { _, _ in
            .answer(200, "")
        } _: { peer, port in
            let place = try Workplace()
            #expect(try await place.baton("notify", "--test").errors.contains("Nobody is notified"))
            try place.write(
                """
                notify:
                  webhook: { url: "http://127.0.0.1:\(port)/hook", on: [failure, success] }
                  command: { run: "false", on: [notify] }
                  ping: { url: "http://127.0.0.1:\(port)/ping" }
                """, to: "baton.yaml")
            let test = try await place.baton("notify", "--test")
            #expect(test.code == 1)
            #expect(
                test.output == """
                    notify.ping     start      sent
                    notify.webhook  success    sent
                    notify.ping     success    sent
                    notify.webhook  failure    sent
                    notify.command  notify     NOT SENT: false failed

                    """, "\(test)")
            // The ping is not told of a failure.
            #expect(peer.requests.map(\.path) == ["/ping/start", "/hook", "/ping", "/hook"])
            let body = try JSON(parsing: Array(try #require(peer.requests.last).body.utf8))
            #expect(body["title"] == "Test of Baton's notifications: failure" && body["status"] == "test")
            #expect(try await place.baton("notify").code == 64)
        }
    }

    @Test func `what a script sends at the prompt is sent, and nothing else`() async throws {
        try await Peer.with { _, _ in
            .answer(200, "")
        } _: { peer, port in
            try await Workplace.with(Self.scenario) { place, server in
                try place.configure(
                    server, key: "simulated-key",
                    more: """
                            settle: 200ms
                        notify: { webhook: { url: "http://127.0.0.1:\(port)/", on: [start, success, failure, notify] } }
                        """)
                let session = try await place.baton("repl", "-e", "notify 'look here'", "-e", "execute 'good'")
                #expect(session.code == 0, "\(session)")
                let bodies = try peer.requests.map { try JSON(parsing: Array($0.body.utf8)) }
                #expect(bodies.map { $0["event"]?.text } == ["notify"])
                #expect(bodies.first?["text"] == "look here")
            }
        }
    }

    @Test func `a simulated run tells nobody`() async throws {
        try await Peer.with { _, _ in
            .answer(200, "")
        } _: { peer, port in
            let place = try Workplace()
            try place.write("notify: { webhook: { url: 'http://127.0.0.1:\(port)/' } }", to: "baton.yaml")
            try place.write("notify { title = 'Night', text = 'begins' } fail 'on purpose'", to: "n.lua")
            let run = try await place.baton("run", "--simulate", "n.lua")
            #expect(run.code == 1)
            #expect(run.errors.contains("info: Night: begins"))
            #expect(peer.requests.isEmpty)
        }
    }
}
