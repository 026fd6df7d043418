/// The kinds of handles that scripts hold.
enum HandleKind {
    static let job: Int32 = 1
    static let task: Int32 = 2
}
