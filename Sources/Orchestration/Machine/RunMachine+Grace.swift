import DataStudio
import LuaVM

/// The `<close>` handlers of stopped tasks: what they may do, and for how long.
extension RunMachine {
    /// How long the `<close>` handlers of a stopped task may wait, all together.
    package static let grace = Duration.seconds(30)

    /// A handler of a stopped task asks for something: from the first time on its time runs.
    func close(_ id: NodeID, with function: WaitingFunction) throws(ArgumentError) {
        guard let node = nodes[id] else { return }
        if node.grace == nil { node.grace = setTimer(.grace(id), key: node.key, after: Self.grace) }
        guard function.isForHandlers else { throw Self.nothingBegins }
    }

    static let nothingBegins = ArgumentError(
        "the script is being stopped here: a handler can wait, ask and cancel; what starts something belongs into finally(fn)"
    )

    /// The handlers of a stopped task have had their time: what they wait for raises, and they go on to their ends.
    func graceEnded(_ id: NodeID) {
        guard let node = nodes[id], case .task(let task) = node.content else { return }
        let place = node.location.map { " of the task at \($0)" } ?? ""
        warn("<close> handlers\(place) have waited for \(Self.grace.short): they are stopped")
        dropWait(of: node)
        vm.stop(task)
    }
}
