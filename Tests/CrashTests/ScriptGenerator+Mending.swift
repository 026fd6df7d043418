import DataStudio

/// What people do to scripts before they go on with a run.
extension ScriptGenerator {
    /// Mends a script in one place, which may be one that the run has passed.
    ///
    /// - Parameter others: of another script.
    static func mend(_ statements: inout [[String]], _ others: [[String]], _ random: inout SplitMix) {
        let place = Int.random(in: 0..<max(1, statements.count), using: &random)
        let other = others.first ?? []
        switch Int.random(in: 0..<10, using: &random) {
        case 0..<2: statements.insert(other, at: place)
        case 2: statements.append(other)
        case 3 where !statements.isEmpty: statements.remove(at: place)
        case 4 where !statements.isEmpty: statements[place] = other
        case 5 where !statements.isEmpty: statements.append(statements.remove(at: place))
        case 6: statements.append(["print('mended')"])
        default:
            let label = labels.randomElement(using: &random) ?? "a"
            let changes = [
                ("'\(label)'", "'\(labels.randomElement(using: &random) ?? "b")'"),
                ("{ '\(label)'", "{ '\(label)', params = { n = 'x3' }"), ("'x1'", "'x2'"), ("'x2'", "'x1'"),
                ("false, 'no'", "true"), ("sleep(3)", "sleep(4)"), ("timeout = 2", "timeout = 100"),
                ("on_failure = 'finish'", "on_failure = 'collect'"), ("state('\(label)')", "nil"),
            ]
            let change = changes.randomElement(using: &random) ?? ("", "")
            guard statements.indices.contains(place) else { return }
            let lines = statements[place].indices.filter { statements[place][$0].contains(change.0) }
            guard let line = lines.randomElement(using: &random),
                let range = statements[place][line].firstRange(of: change.0)
            else { return }
            statements[place][line].replaceSubrange(range, with: change.1)
        }
    }
}
