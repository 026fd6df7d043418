/// A part of a list.
package struct Page<Item: Sendable>: Sendable {
    /// In the server's order. What could not be read is left out, so there may be none.
    package var items: [Item]
    /// How many pages the list has in all.
    package var pages: Int

    /// A page of a list that has `pages` of them.
    package init(items: [Item], pages: Int) {
        self.items = items
        self.pages = pages
    }
}
