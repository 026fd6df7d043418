/// What a server knows of the API key that asked.
package struct KeyInformation: Hashable, Sendable {
    /// Whose key it is: runs execute as this user.
    package var user: String?
    /// When it stops working.
    package var expires: Timestamp?
}
