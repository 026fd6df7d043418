/// What happened to a run, line by line. Of very many lines the first and the last are kept, and the others counted.
struct Story {
    private struct Line {
        let number: Int
        let text: String
    }

    /// The first and the last of a list that may be endless.
    private struct Ends {
        private static let longest = 1000

        private var first: [Line] = []
        /// In a circle: the oldest stands at the position of the next.
        private var last: [Line] = []
        private var next = 0
        private(set) var omitted = 0

        mutating func append(_ line: Line) {
            if first.count < Self.longest { return first.append(line) }
            if last.count < Self.longest { return last.append(line) }
            last[next] = line
            next = (next + 1) % Self.longest
            omitted += 1
        }

        var lines: [Line] { first + last[next...] + last[..<next] }
    }

    private var grave = Ends()
    private var other = Ends()
    private var count = 0

    /// - Parameter isGrave: true for what is told of a success too.
    mutating func append(_ text: String, isGrave: Bool) {
        count += 1
        let line = Line(number: count, text: text)
        if isGrave { grave.append(line) } else { other.append(line) }
    }

    /// The lines in order, with the number of those that are not kept.
    ///
    /// - Parameter onlyGrave: without what is not told of a success.
    func lines(onlyGrave: Bool) -> [String] {
        let kept = onlyGrave ? grave.lines : (grave.lines + other.lines).sorted { $0.number < $1.number }
        let omitted = grave.omitted + (onlyGrave ? 0 : other.omitted)
        return kept.map(\.text) + (omitted > 0 ? ["and \(omitted) more lines"] : [])
    }
}
