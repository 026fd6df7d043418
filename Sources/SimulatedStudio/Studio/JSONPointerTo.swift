import JSON

/// Places that the operations a scenario adds have in the default description.
enum JSONPointerTo {
    static let externalLabel = JSONPointer(tokens: ["externalLabel"])
    static let refreshedTime = JSONPointer(tokens: ["refreshedTime"])
}
