import DataStudio
import LuaVM

/// The options of `execute` and `start`. What is `nil` was not given.
struct StepOptions {
    var parameters: [WorkflowParameter]?
    var sources: [SourceReplacement]?
    var space: String?
    var version: WorkflowVersion?
    var dependencies: WorkflowVersion?
    var refresh: Bool?
    var server: String?
    var timeout: Duration?
    var cancelsOnTimeout: Bool?
    var minimum: Duration?
    var maximum: Duration?
    var queueMaximum: Duration?
    /// How many times longer or shorter than the median it may take.
    var usual: Double?
    /// How often it is started again after FAILED.
    var retries: Int?
    var retryDelay: Duration?
    var check: LuaReference?
    var warnsOnCheck: Bool?
    var name: String?
    var raisesUnreachable: Bool?
    var ifRunning: IfRunning?
    var detaches: Bool?

    /// The options' names in scripts.
    static let names = [
        "params", "sources", "space", "version", "dependencies", "refresh", "server", "timeout", "on_timeout", "min",
        "max", "queue_max", "usual", "check", "on_check", "retries", "retry_delay", "name", "on_unreachable",
        "if_running", "detach",
    ]

    /// Those that `defaults` takes: not what belongs to one step.
    static let defaultNames = names.filter { !["name", "detach"].contains($0) }

    /// Those that the configuration's `defaults` may have: one value each.
    static let configurableNames = defaultNames.filter { !["params", "sources", "check", "server"].contains($0) }

    /// These options where they are given, else those of `defaults`.
    func merged(over defaults: StepOptions) -> StepOptions {
        var merged = defaults
        merged.parameters = parameters ?? merged.parameters
        merged.sources = sources ?? merged.sources
        merged.space = space ?? merged.space
        merged.version = version ?? merged.version
        merged.dependencies = dependencies ?? merged.dependencies
        merged.refresh = refresh ?? merged.refresh
        merged.server = server ?? merged.server
        merged.timeout = timeout ?? merged.timeout
        merged.cancelsOnTimeout = cancelsOnTimeout ?? merged.cancelsOnTimeout
        merged.minimum = minimum ?? merged.minimum
        merged.maximum = maximum ?? merged.maximum
        merged.queueMaximum = queueMaximum ?? merged.queueMaximum
        merged.usual = usual ?? merged.usual
        merged.retries = retries ?? merged.retries
        merged.retryDelay = retryDelay ?? merged.retryDelay
        merged.check = check ?? merged.check
        merged.warnsOnCheck = warnsOnCheck ?? merged.warnsOnCheck
        merged.name = name ?? merged.name
        merged.raisesUnreachable = raisesUnreachable ?? merged.raisesUnreachable
        merged.ifRunning = ifRunning ?? merged.ifRunning
        merged.detaches = detaches ?? merged.detaches
        return merged
    }

    /// The request for the server.
    func start(label: String) -> WorkflowStart {
        WorkflowStart(
            label: label, space: space, version: version, dependencies: dependencies, refresh: refresh,
            parameters: parameters ?? [], sources: sources ?? [])
    }
}
