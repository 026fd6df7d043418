/// What leaves the process once a record is durable.
struct Departure {
    let action: ConductorAction
    let needs: Int
    let since: Duration

    /// What it takes, in bytes, about.
    var size: Int {
        switch action {
        case .report(.print(let text)), .report(.log(_, let text)): 256 + text.utf8.count
        default: 256
        }
    }
}
