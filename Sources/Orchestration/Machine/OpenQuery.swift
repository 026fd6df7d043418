/// A question that has not been answered.
struct OpenQuery {
    let use: QueryUse
    let key: String
    let server: String?
    let query: Query
    /// For what is asked once: it may have been sent.
    var isIntended = false
}
