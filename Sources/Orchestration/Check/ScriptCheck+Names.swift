import DataStudio
import LuaSyntax

/// Names that nobody gives a value.
extension ScriptCheck {
    mutating func checkNames(in expression: Expression) {
        switch expression.kind {
        case .name(let name, nil): checkGlobal(name, at: expression.tokens, isUsed: false)
        case .suffixed(let base, let suffixes):
            guard case .name(let name, nil) = base.kind, let first = suffixes.first else { return }
            checkGlobal(name, at: base.tokens, isUsed: true)
            if case .field(let field) = first.kind {
                checkField(field, of: name, first.tokens, suffixes.dropFirst().first)
            }
        default: break
        }
    }

    /// - Parameter isUsed: true if it is called or looked into: both raise for `nil`. A script may ask whether a name has a
    ///   value; that is left alone unless the name is nearly one that has a value.
    private mutating func checkGlobal(_ name: String, at tokens: Range<Int>, isUsed: Bool) {
        guard !globals.mayBeHidden, !globals.assigned.contains(name), !RunMachine.globals.contains(name),
            hasRoom(isCertain: isUsed)
        else { return }
        let isUsed = isUsed && !globals.tested.contains(name)
        let nearest = spelling.nearest(to: name)
        // DEBUG is no misspelt debug.
        let isNearly = name.count > 2 && name != name.uppercased() && nearest != nil
        guard isUsed || isNearly else { return }
        find(
            .unknownGlobal, at: tokens, "nothing is called \"\(name)\" here" + spelling.suggestion(for: name),
            fix: nearest, isCertain: isUsed)
    }

    private mutating func checkField(_ field: String, of table: String, _ tokens: Range<Int>, _ next: Suffix?) {
        guard let known = GlobalNames.fields[table], !known.contains(field), globals.isOfLibrary(table),
            !globals.sets("\(table).\(field)"), hasRoom(isCertain: false)
        else { return }
        // os.getenv raises where it is read; math.nothing is nil.
        var isCalled = false
        if case .call? = next?.kind { isCalled = true }
        let isAbsent = ["os", "debug", "run"].contains(table)
        guard isCalled || isAbsent else { return }
        find(
            .unknownField, at: tokens.upperBound - 1..<tokens.upperBound,
            isAbsent && table != "run"
                ? "\(table).\(field) is not available in scripts"
                    + Spelling.suggestion(for: field, among: known.sorted())
                : "\(table) has nothing called \"\(field)\"" + Spelling.suggestion(for: field, among: known.sorted()),
            fix: Spelling.nearest(to: field, among: known.sorted()),
            // A script may have given it to the table in ways that are not seen here, or ask whether it is there.
            isCertain: false)
    }
}
