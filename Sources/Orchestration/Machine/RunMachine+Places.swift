package import DataStudio
import LuaVM

/// Where a run stands, for people.
extension RunMachine {
    /// Where the script's tasks wait, as `nightly.lua:12`: only of those that do not wait for others.
    package var waitingPlaces: [String] {
        var places: [String] = []
        for task in tasks.values.sorted(by: { $0.number > $1.number }) {
            guard let node = nodes[task], node.conclusion == nil, let place = node.waitsAt?.description,
                !node.openChildren.contains(where: { isTask($0) }), !places.contains(place)
            else { continue }
            places.append(place)
        }
        return places
    }

    /// When the server took the start of a step that has a job.
    package func acceptance(of id: NodeID) -> Timestamp? { steps[id]?.acceptedAt }

    private func isTask(_ id: NodeID) -> Bool {
        if case .task? = nodes[id]?.content { true } else { false }
    }
}
