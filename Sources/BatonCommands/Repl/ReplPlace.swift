import BatonHost
import Orchestration

/// What a session has around it.
struct ReplPlace: Sendable {
    let keeper: RunKeeper
    let clients: ServerClients
    /// The name of the server it began with.
    let server: String
    /// True if its server and its journal end with it.
    let isSimulated: Bool

    init(_ keeper: RunKeeper, _ clients: ServerClients, server: String, isSimulated: Bool) {
        self.keeper = keeper
        self.clients = clients
        self.server = server
        self.isSimulated = isSimulated
    }

    /// The servers that can be used, by their names.
    var servers: [String] { clients.usable.keys.sorted() }

    /// What a server is called and where it is.
    func words(of name: String) -> String {
        guard !isSimulated else { return "simulated server" }
        guard let identity = clients.usable[name]?.identity else { return name }
        let place = "\(identity.url), environment \(identity.environment)"
        return name == identity.url ? place : "\(name) (\(place))"
    }
}
