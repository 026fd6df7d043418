/// Where a list goes on: a page of it.
package struct ListCursor: Hashable, Sendable {
    /// How many pages come before it.
    package var page: Int
    /// How many entries the pages before it had.
    package var offset: Int

    /// No list is read further: one that is longer is taken for one that never ends.
    package static let mostPages = 500

    /// A page behind others.
    package init(page: Int, offset: Int) {
        self.page = page
        self.offset = offset
    }

    /// The first page.
    package static let first = ListCursor(page: 0, offset: 0)
}
