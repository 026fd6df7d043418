import ArgumentParser
import DataStudio
import Dispatch
import Foundation
import JSON
import SimulatedStudio
import StudioServer

/// `baton simulate`: a Data Studio on this machine.
struct SimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Serves a simulated Data Studio on this machine until it is interrupted.",
        discussion: """
            Without a scenario it accepts every label, and each job takes one second. It prints how to reach it, then one \
            line for each request.
            """
    )

    @Argument(help: "A scenario file.", completion: .file(extensions: ["yaml"]))
    var scenario: String?

    @Option(help: "The port on 127.0.0.1; 0: the system chooses.")
    var port = 7701

    @Option(
        help: ArgumentHelp("A PEM file with a certificate: serve HTTPS.", valueName: "file"), completion: .file())
    var tlsCertificate: String?

    @Option(
        help: ArgumentHelp("A PEM file with its private key, unless it stands in the same file.", valueName: "file"),
        completion: .file())
    var tlsKey: String?

    func validate() throws {
        if tlsKey != nil, tlsCertificate == nil { throw ValidationError("--tls-key goes with --tls-certificate.") }
    }

    func run() async throws {
        let signals = Signals()
        do {
            let file = try ScenarioFile.read(scenario)
            let scenario = file.scenario
            let tls = tlsCertificate.map { certificate in
                ServerCertificate(certificateFile: certificate, keyFile: tlsKey ?? certificate)
            }
            let log: @Sendable (StudioLogEntry) -> Void = { Output.standard.write($0.json.jsonText + "\n") }
            try await StudioServer.withServer(
                scenario: scenario, description: file.description, document: file.document, port: port,
                certificate: tls, log: log
            ) { server in
                // What is accepted without being listed cannot be checked.
                let labels = scenario.others == nil ? "" : " BATON_CHECK_LABELS=false"
                Output.errors.write(
                    """
                    A simulated Data Studio listens at \(server.baseURL), its API at \(server.baseURL)/api/docs/
                    Its jobs and requests: \(server.baseURL)\(SimulatedStudio.jobsPath)
                    Use it from another terminal:
                      export BATON_SERVER=\(server.baseURL) BATON_ENVIRONMENT=\(scenario.environment) BATON_API_KEY=\(scenario.key)\(labels)
                      baton run SCRIPT
                    Ctrl-C ends it.

                    """)
                for await _ in signals.received { break }
            }
        } catch let refusal as Refusal {
            refusal.tell(json: false)
            throw ExitCode(64)
        } catch {
            Refusal("\(error)").tell(json: false)
            throw ExitCode(64)
        }
    }
}
