import DataStudio
import SimulatedStudio
import StudioServer
import Testing

/// Faults of a scenario, on a real socket.
@Suite(.timeLimit(.minutes(5))) struct FaultTests {
    private func exchange(_ faults: String) async throws -> String {
        try await StudioServer.withServer(scenario: Scenario(yaml: "others:\nfaults: \(faults)")) { server in
            try await RawClient.send(to: server.port, "GET", "/api/1.0/jobs")
        }
    }

    @Test func `nothing arrives of what is lost`() async throws {
        #expect(try await exchange("[ { fault: lost } ]") == "")
        #expect(try await exchange("[ { fault: reset } ]") == "")
    }

    @Test func `a header arrives, or half a body, before the connection closes`() async throws {
        let head = try await exchange("[ { fault: no_body } ]")
        #expect(head.hasPrefix("HTTP/1.1 200"))
        #expect(head.hasSuffix("\r\n\r\n"), "\(head)")
        let half = try await exchange("[ { fault: half_body } ]")
        #expect(half.contains("\r\n\r\n{\"items\":"), "\(half)")
        #expect(!half.hasSuffix("}"))
    }

    @Test func `an answer says when to come back, and where to go`() async throws {
        let busy = try await exchange("[ { fault: 429, retry_after: 7s } ]")
        #expect(busy.lowercased().contains("\r\nretry-after: 7\r\n"), "\(busy)")
        let moved = try await exchange("[ { fault: redirect, to: 'http://other/' } ]")
        #expect(moved.lowercased().contains("\r\nlocation: http://other/\r\n"), "\(moved)")
    }

    @Test func `the date is that of the server's clock`() async throws {
        let reply = try await StudioServer.withServer(scenario: Scenario(yaml: "others:\nclock: 2h")) { server in
            try await RawClient.send(to: server.port, "GET", "/api/1.0/jobs")
        }
        let line = try #require(reply.split(separator: "\r\n").first { $0.lowercased().hasPrefix("date: ") })
        #expect(Timestamp(httpDate: String(line.dropFirst(6))) != nil, "\(line)")
    }

    @Test func `nobody listens while the server is down`() async throws {
        let scenario = try Scenario(yaml: "others:\nfaults: [ { fault: down, from: 50ms } ]")
        try await StudioServer.withServer(scenario: scenario) { server in
            for await isUp in server.availability where !isUp { break }
            await #expect(throws: (any Error).self) {
                try await RawClient.send(to: server.port, "GET", "/api/1.0/jobs")
            }
        }
    }

    @Test func `a certificate that cannot be read is an error`() async throws {
        let certificate = ServerCertificate(certificateFile: "/nowhere.pem", keyFile: "/nowhere.pem")
        await #expect(throws: StudioServerError.self) {
            try await StudioServer.withServer(scenario: .anything, certificate: certificate) { _ in }
        }
    }
}
