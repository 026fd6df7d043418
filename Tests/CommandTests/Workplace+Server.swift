import DataStudio
import Foundation
import JSON
import SimulatedStudio
import StudioServer
import Testing

/// Nights with a server in this process, and `baton` in others.
extension Workplace {
    /// A folder whose configuration names a server that follows a scenario.
    static func with(
        _ scenario: String, _ body: (Workplace, StudioServer) async throws -> Void
    ) async throws {
        try await StudioServer.withServer(scenario: try Scenario(yaml: scenario)) { server in
            let place = try Workplace()
            try place.configure(server, key: "simulated-key", more: "    settle: 200ms\n")
            try await body(place, server)
        }
    }

    /// What `baton runs` lists.
    func runs() async throws -> [JSON] {
        let listed = try await baton("runs", "--json")
        try #require(listed.code == 0, "\(listed.output)\(listed.errors)")
        return try listed.output.split(separator: "\n").map { try JSON(parsing: Array($0.utf8)) }
    }

    /// Writes a configuration with the server and its key.
    ///
    /// - Parameter more: settings of the server, indented, or others.
    func configure(_ server: StudioServer, key: String, more: String = "") throws {
        let file = url.appendingPathComponent("studio.key").path
        try write(key + "\n", to: "studio.key")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
        try write(
            """
            server: studio
            servers:
              studio:
                url: \(server.baseURL)
                api_key_file: \(file)
            \(more)
            """, to: "baton.yaml")
    }
}

extension StudioServer {
    /// The workflows it was asked to start, in order.
    var starts: [String] {
        log.filter { $0.operation == .executeWorkflow }.compactMap(\.label)
    }
}
