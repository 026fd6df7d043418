/// A size in bytes, as people write it: `256MB`.
struct ByteCount: Equatable {
    let value: Int

    /// A whole number and a unit, `KB`, `MB` or `GB`, in either case and with or without a space: 1024, its square, its
    /// cube. `nil` for anything else, and for what is larger than an `Int`.
    init?(text: String) {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let number = Int(digits) else { return nil }
        let factor: Int
        switch text.dropFirst(digits.count).drop(while: { $0 == " " }).lowercased() {
        case "kb": factor = 1 << 10
        case "mb": factor = 1 << 20
        case "gb": factor = 1 << 30
        default: return nil
        }
        let (value, overflow) = number.multipliedReportingOverflow(by: factor)
        guard !overflow else { return nil }
        self.value = value
    }
}
