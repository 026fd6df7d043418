package import DataStudio
import Foundation
import HTTPTypes
import NIOCore
import NIOPosix
import Orchestration

/// Looks at everything a run needs of a server, and tells what is right and what is not. Sends only what changes nothing.
package struct Doctor {
    let name: String
    let server: ServerConfiguration
    let report: (DoctorFinding) -> Void
    let environment: [String: String]

    /// What came of it.
    package struct Outcome {
        /// True if nothing is wrong.
        package var isWell = true
        /// What the server's document says; `nil` without one.
        package var derivation: APIDerivation?
        /// The server's document; `nil` if none was found.
        package var document: OpenAPIDocument?
        /// Where the document is.
        package var documentPath: String?
    }

    /// A look at one server.
    ///
    /// - Parameters:
    ///   - name: in the configuration.
    ///   - report: told each line as it is known.
    package init(
        _ name: String, _ server: ServerConfiguration, environment: [String: String],
        report: @escaping (DoctorFinding) -> Void
    ) {
        self.name = name
        self.server = server
        self.environment = environment
        self.report = report
    }

    /// Looks at all that comes before the API: name, connection, certificate, clock, key; then finds the document.
    ///
    /// - Parameters:
    ///   - hint: where the document is, if somebody knows.
    ///   - picks: choices of a person where several operations are equally good.
    /// - Returns: what was found, and a client to go on with, which is to be shut down; `nil` where nobody answers.
    package func examine(
        hint: String? = nil, picks: [APIDerivation.Pick]
    ) async -> (outcome: Outcome, client: StudioClient?) {
        var outcome = Outcome()
        func tell(_ finding: DoctorFinding) {
            if finding.state == .wrong { outcome.isWell = false }
            report(finding)
        }
        guard let url = URL(string: server.url), let host = url.host else { return (outcome, nil) }
        let isSecure = url.scheme?.lowercased() == "https"
        let port = url.port ?? (isSecure ? 443 : 80)
        tell(
            isSecure
                ? .init(.right, "URL", server.url)
                : .init(
                    .note, "URL", "\(server.url): not encrypted, so the network sees the key",
                    advice: "use https where the server offers it"))
        let proxy: ProxySettings?
        do {
            proxy = try ProxySettings(for: url, environment: environment)
        } catch {
            tell(.init(.wrong, "proxy", "\(error)"))
            return (outcome, nil)
        }
        if let proxy { tell(.init(.note, "proxy", "requests go through \(proxy.host):\(proxy.port)")) }
        if proxy == nil, !(await name(host, port, tell)) { return (outcome, nil) }
        let key = await key(tell)
        let client: StudioClient
        do {
            client = try StudioClient(
                server, key: key, readTimeouts: .read(patience: .seconds(15)), environment: environment)
        } catch {
            for problem in error.problems { tell(.init(.wrong, "settings", problem)) }
            return (outcome, nil)
        }
        if isSecure, proxy == nil { await certificate(host, port, tell) }
        var search = OpenAPISearch(hint: hint)
        guard await answers(client, tell) else {
            await client.shutdown()
            return (outcome, nil)
        }
        // A server may publish several documents: the one that can start a workflow is wanted.
        var best: (found: OpenAPISearch.Found, derivation: APIDerivation)?
        while best?.derivation.findings[.executeWorkflow] == nil, let path = search.next() {
            guard let body = await document(at: path, client) else { continue }
            search.take(body, at: path)
            guard let found = search.takeFound() else { continue }
            let derivation = APIDeriver.derive(from: found.document, picks: picks)
            if best == nil || derivation.findings.count > best?.derivation.findings.count ?? 0 {
                best = (found, derivation)
            }
        }
        if let (found, derivation) = best {
            outcome.documentPath = found.path
            outcome.document = found.document
            outcome.derivation = derivation
            let title = found.document.title.isEmpty ? "" : " (\(found.document.title))"
            tell(.init(.right, "API document", "OpenAPI \(found.document.version) at \(found.path)\(title)"))
            if let hint, found.path != hint {
                tell(.init(.wrong, "--document", "there is no document at \(hint): this one was found instead"))
            }
        } else {
            for failure in search.failures { tell(.init(.note, "API document", "cannot be read: \(failure)")) }
            tell(
                .init(
                    .wrong, "API document", "none found on its Swagger page or in the usual places",
                    advice:
                        "open \(server.url)/api/docs/index.html in a browser, see which document it loads, and give its path "
                        + "with --document PATH"))
        }
        return (outcome, client)
    }

    // MARK: The way to the server

    private func name(_ host: String, _ port: Int, _ tell: (DoctorFinding) -> Void) async -> Bool {
        // It blocks, so it has a thread of its own.
        let address = try? await NIOThreadPool.singleton.runIfActive {
            try SocketAddress.makeAddressResolvingHost(host, port: port)
        }
        guard let address else {
            tell(
                .init(
                    .wrong, "name", "\(host) is not known to DNS",
                    advice: "look for a typing error in servers.\(name).url, or ask whether a VPN is needed"))
            return false
        }
        let number = address.ipAddress ?? host
        tell(.init(.right, "name", number == host ? host : "\(host) is \(number)"))
        return true
    }

    private func certificate(_ host: String, _ port: Int, _ tell: (DoctorFinding) -> Void) async {
        // Where there is none, the connection tells what is wrong.
        guard let certificate = await PresentedCertificate.of(host, port: port) else { return }
        let days = Int(certificate.notAfter.timeIntervalSinceNow / 86_400)
        if certificate.notAfter < Date() {
            tell(
                .init(
                    .wrong, "certificate",
                    "it expired on \(PresentedCertificate.day(certificate.notAfter)): \(certificate.summary)",
                    advice: "the server needs a new one"))
        } else if days < 30 {
            tell(
                .init(
                    .note, "certificate", "it expires in \(days) days: \(certificate.summary)",
                    advice: "have it renewed"))
        } else {
            tell(.init(.right, "certificate", certificate.summary))
        }
    }

    private func key(_ tell: (DoctorFinding) -> Void) async -> APIKey? {
        do {
            let key = try await server.key.read()
            tell(.init(.right, "key", "\(key) from \(server.key.place)"))
            return key
        } catch {
            for problem in error.problems { tell(.init(.wrong, "key", problem)) }
            return nil
        }
    }

    /// Whether anybody answers, and how its clock stands.
    private func answers(_ client: StudioClient, _ tell: (DoctorFinding) -> Void) async -> Bool {
        let sent = Timestamp.now
        switch await client.get("/", sendsKey: false) {
        case .unsent(let reason), .broken(let reason):
            tell(
                .init(
                    .wrong, "connection", reason,
                    advice: "is the server up, and is the port right? Data Studio listens on 7701 unless told otherwise"
                ))
            return false
        case .reply(let reply):
            tell(.init(.right, "connection", "it answers in \((Timestamp.now - sent).short)"))
            guard let date = reply.date else { return true }
            // The server's time is whole seconds, taken somewhere between the request and the answer.
            let difference = date - sent
            if difference.seconds.magnitude > 60 {
                let direction = difference > .zero ? "ahead" : "behind"
                tell(
                    .init(
                        .wrong, "clock",
                        "the server is \(Duration.seconds(difference.seconds.magnitude).short) \(direction)",
                        advice: "set one of the clocks, best by NTP: times in reports come from both"))
            } else {
                tell(.init(.right, "clock", "this machine and the server's Date header: the same to within a minute"))
            }
            return true
        }
    }

    private func document(at path: String, _ client: StudioClient) async -> [UInt8]? {
        for sendsKey in [false, true] {
            guard case .reply(let reply) = await client.get(path, sendsKey: sendsKey) else { return nil }
            if (200..<300).contains(reply.status) { return reply.body }
            // Some servers show their documents to those only who have a key.
            guard reply.status == 401 || reply.status == 403 else { return nil }
        }
        return nil
    }
}

extension SecretSource {
    /// Where it comes from, in words.
    var place: String {
        switch self {
        case .file(let path): path
        case .environment(let name): "the environment variable \(name)"
        case .command: "api_key_command"
        case .literal: "the simulator"
        }
    }
}
