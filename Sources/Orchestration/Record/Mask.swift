import DataStudio

/// What stands for a secret: `***servicenow-1f3a9c2e***`. Nobody outside of the run can guess it.
package enum Mask {
    /// - Parameter seed: the run's.
    static func text(for secret: String, seed: UInt64) -> String {
        var random = SplitMix(seed: secret.utf8.reduce(seed) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 })
        return "***\(secret)-\(String(random.next() >> 8, radix: 36))***"
    }

    /// What stands for it where a server has repeated it.
    static func mark(of secret: String) -> String { "***\(secret)***" }

    /// True if something in the text may stand for a secret of some run.
    static func isIn(_ text: String) -> Bool {
        let stars = text.utf8.split(separator: UInt8(ascii: "*"), omittingEmptySubsequences: false)
        // Three stars, something, three stars.
        return stars.indices.contains { index in
            index >= 3 && index + 3 < stars.count && !stars[index].isEmpty
                && [index - 2, index - 1, index + 1, index + 2].allSatisfy { stars[$0].isEmpty }
        }
    }
}
