/// A part of a list.
package struct Page<Item: Sendable>: Sendable {
    package var items: [Item]
    /// How many pages the list has in all.
    package var pages: Int

    package init(items: [Item], pages: Int) {
        self.items = items
        self.pages = pages
    }
}
