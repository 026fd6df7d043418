/// Why a text cannot be used as an OpenAPI document.
package struct OpenAPIError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong with it.
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}
