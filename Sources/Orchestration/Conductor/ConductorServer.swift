/// A server of a run, by its name in the configuration, with the dealings with it.
struct ConductorServer {
    let name: String
    var machine: ServerMachine
}
