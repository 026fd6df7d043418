import DataStudio

/// The cases in the XML that build servers read.
struct JUnitReport {
    let cases: [TestCase]

    /// The document.
    var xml: String {
        let files = cases.reduce(into: [String]()) { if $0.last != $1.file { $0.append($1.file) } }
        var lines = ["<?xml version=\"1.0\" encoding=\"UTF-8\"?>", "<testsuites\(Self.counts(cases))>"]
        for file in files {
            let own = cases.filter { $0.file == file }
            lines.append("  <testsuite name=\"\(Self.escaped(file))\"\(Self.counts(own))>")
            for test in own { lines += Self.lines(of: test) }
            lines.append("  </testsuite>")
        }
        return (lines + ["</testsuites>"]).map { $0 + "\n" }.joined()
    }

    private static func lines(of test: TestCase) -> [String] {
        let name = test.name.isEmpty ? test.file : test.name
        let head =
            "    <testcase name=\"\(escaped(name))\" classname=\"\(escaped(test.file))\" file=\"\(escaped(test.file))\""
            + " line=\"\(test.line)\" time=\"\(test.duration.seconds)\""
        guard let failure = test.failure else { return [head + "/>"] }
        let message = failure.split(separator: "\n").first.map(String.init) ?? failure
        let text = ([failure] + test.tree).joined(separator: "\n")
        return [
            head + ">", "      <failure message=\"\(escaped(message))\">\(escaped(text))</failure>", "    </testcase>",
        ]
    }

    private static func counts(_ cases: [TestCase]) -> String {
        let time = cases.reduce(Duration.zero) { $0 + $1.duration }
        return
            " tests=\"\(cases.count)\" failures=\"\(cases.count { $0.failure != nil })\" errors=\"0\" time=\"\(time.seconds)\""
    }

    /// Control characters have no place in XML.
    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "\n": escaped += "&#10;"
            case "\t": escaped += "&#9;"
            default:
                if scalar.value >= 0x20, scalar.value != 0xFFFE, scalar.value != 0xFFFF {
                    escaped.unicodeScalars.append(scalar)
                }
            }
        }
        return escaped
    }
}
