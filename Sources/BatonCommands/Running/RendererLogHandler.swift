import BatonHost
import DataStudio
import Logging
import Orchestration

extension LogSettings.Level {
    /// For swift-log.
    var logger: Logger.Level {
        switch self {
        case .trace: .trace
        case .debug: .debug
        case .info: .info
        case .warning: .warning
        case .error: .error
        }
    }
}

/// Shows what Baton itself logs where the script's log goes.
struct RendererLogHandler: LogHandler {
    let renderer: any RunRenderer
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]

    init(renderer: any RunRenderer, logLevel: Logger.Level) {
        self.renderer = renderer
        self.logLevel = logLevel
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let values = metadata.merging(event.metadata ?? [:]) { $1 }
        let details = values.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
        let level: LogLevel =
            switch event.level {
            case .trace, .debug: .debug
            case .info, .notice: .info
            case .warning: .warn
            case .error, .critical: .error
            }
        renderer.receive(.log(level: level, "\(event.message)\(details)"), at: .now)
    }
}
