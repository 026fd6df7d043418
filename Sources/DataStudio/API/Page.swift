/// A part of a list.
package struct Page<Item: Sendable>: Sendable {
    /// In the server's order. What could not be read is left out, so there may be none.
    package var items: [Item]
    /// Where the list goes on; `nil` after its last page.
    package var next: ListCursor?
    /// How many entries could not be read: the page is not the whole truth then.
    package var unreadable: Int

    /// A page; without `next`, the last one.
    package init(items: [Item], next: ListCursor? = nil, unreadable: Int = 0) {
        self.items = items
        self.next = next
        self.unreadable = unreadable
    }
}
