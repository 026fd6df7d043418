/// Keeps a large value that is mostly absent apart from what has it: of ten thousand steps each is small then.
@propertyWrapper
struct Apart<Value> {
    fileprivate final class Box {
        let value: Value

        init(_ value: Value) { self.value = value }
    }

    private var box: Box?

    /// Nothing, or that value.
    init(wrappedValue: Value?) { box = wrappedValue.map { Box($0) } }

    /// The value. A change makes another box: copies keep theirs.
    var wrappedValue: Value? {
        get { box?.value }
        set { box = newValue.map { Box($0) } }
    }
}

extension Apart: Sendable where Value: Sendable {}
extension Apart.Box: Sendable where Value: Sendable {}
