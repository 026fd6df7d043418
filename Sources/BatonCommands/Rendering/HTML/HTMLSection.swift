/// Steps under one heading of the page.
struct HTMLSection {
    /// A phase, or the call that began them together; `nil` for steps by themselves.
    let title: String?
    let steps: [HTMLStep]
}
