import DataStudio

/// What stands for a secret: `***servicenow-1f3a9c2e***`. Nobody outside of the run can guess it.
package enum Mask {
    /// - Parameter seed: the run's.
    static func text(for secret: String, seed: UInt64) -> String {
        var random = SplitMix(seed: secret.utf8.reduce(seed) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 })
        return "***\(secret)-\(String(random.next() >> 8, radix: 36))***"
    }

    /// True if something in the text may stand for a secret of some run.
    static func isIn(_ text: String) -> Bool {
        text.utf8.contains(UInt8(ascii: "*")) && text.contains(/\*\*\*[^*]+-[0-9a-z]+\*\*\*/)
    }
}
