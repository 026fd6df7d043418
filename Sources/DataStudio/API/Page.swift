/// A part of a list.
package struct Page<Item: Sendable>: Sendable {
    /// In the server's order. What could not be read is left out, so there may be none.
    package var items: [Item]
    /// Where the list goes on; `nil` after the last page that is read.
    package var next: ListCursor?
    /// How many entries could not be read: the page is not the whole truth then.
    package var unreadable: Int
    /// True if the server has more, and no more is read: see ``ListCursor/mostPages``. Then there is no `next`.
    package var isCut: Bool

    /// A page; without `next`, the last one.
    package init(items: [Item], next: ListCursor? = nil, unreadable: Int = 0, isCut: Bool = false) {
        self.items = items
        self.next = next
        self.unreadable = unreadable
        self.isCut = isCut
    }
}
