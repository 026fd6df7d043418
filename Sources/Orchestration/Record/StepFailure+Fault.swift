package import DataStudio

extension StepFailure {
    /// What a fault that no other try can mend means for whoever asked.
    package init(_ fault: StudioFault) {
        switch fault {
        case .unsupported(let operation):
            self.init(
                kind: .unsupported, message: "the server's API description has no operation \(operation.rawValue)")
        case .rejected(let status, let message):
            self.init(kind: .rejected, message: "the server refused (\(status)): \(message)")
        case .unauthorised(let status, let message):
            self.init(kind: .auth, message: "the server refused the key (\(status)): \(message)")
        case .protocolViolation(let text): self.init(kind: .protocol, message: text)
        case .busy: self.init(kind: .unreachable, message: "the server is busy (429)")
        case .failed(let status, let message):
            self.init(kind: .unreachable, message: "the server answered \(status): \(message)")
        }
    }
}
