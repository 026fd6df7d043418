/// The user of an API key. A server may have two names for one user.
struct KeyOwner: Hashable {
    /// The name that jobs show.
    let user: String
    /// The name that `keyInformation` tells.
    let told: String
}
