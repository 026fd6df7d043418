import DataStudio
import Orchestration
import Testing

/// The next night: what a line's earlier runs mean for the one that is asked for.
@Suite struct NightPolicyTests {
    private static let now = Timestamp(milliseconds: 1_772_337_906_000)

    private static func row(
        _ id: String = "monday", _ status: RunStatus? = nil, signal: Int32? = nil, fate: RunFate = .open,
        age: Duration = .seconds(3600), text: String = "same", key: String? = nil, deaths: Int = 0,
        isWaiting: Bool = false
    ) -> RunRow {
        var row = RunRow(
            id: id, line: "line", key: key, path: "/n.lua", script: "n.lua", textHash: text, server: "s",
            began: now + (.zero - age))
        row.fate = fate
        row.status = status
        row.signal = signal
        row.fruitless = deaths
        row.isWaiting = isWaiting
        return row
    }

    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        var known: [NightPolicy.Known]
        var policy = NightPolicy()
        let expected: String
        var hasWaited = false

        init(
            _ name: String, _ known: [NightPolicy.Known], _ expected: String, hasWaited: Bool = false,
            _ change: (inout NightPolicy) -> Void = { _ in }
        ) {
            testDescription = name
            self.known = known
            self.expected = expected
            self.hasWaited = hasWaited
            change(&policy)
        }
    }

    private static let waiting: [NightPolicy.Known] = [
        .init(row("tuesday", isWaiting: true), isLive: true), .init(row(isWaiting: true), isLive: true),
    ]

    private static let doneBesideAnother: [NightPolicy.Known] = [
        .init(row(key: "j"), isLive: true), .init(row("sunday", .succeeded, fate: .ended, key: "k")),
    ]

    static let cases: [Case] = [
        Case("nothing is known", [], "begin"),
        Case("all went well", [.init(row("monday", .succeeded, fate: .ended))], "begin"),
        Case("it failed and ended", [.init(row("monday", .failed, fate: .ended))], "begin"),
        Case("its process died an hour ago", [.init(row())], "resume monday"),
        Case("SIGTERM an hour ago", [.init(row("monday", .detached, signal: 15))], "resume monday"),
        Case("it died seven hours ago", [.init(row(age: .seconds(7 * 3600)))], "begin, abandoning monday"),
        Case("it died, and the script is another now", [.init(row(text: "other"))], "begin, abandoning monday"),
        Case("Ctrl-C", [.init(row("monday", .detached, signal: 2))], "begin, abandoning monday"),
        Case("the server was out of reach", [.init(row("monday", .unreachable))], "begin, abandoning monday"),
        Case("the key was refused", [.init(row("monday", .auth))], "begin, abandoning monday"),
        Case("it is held", [.init(row("monday", .ambiguous))], "begin, held monday"),
        Case("it is given up", [.init(row(fate: .abandoned))], "begin"),
        Case("it is live", [.init(row(), isLive: true)], "skip monday"),
        Case("it is live: wait", [.init(row(), isLive: true)], "queue behind monday") { $0.overlap = .wait },
        Case("it is live: newest", [.init(row(), isLive: true)], "queue behind monday") { $0.overlap = .newest },
        Case("it is live: replace", [.init(row(), isLive: true)], "queue behind monday") { $0.overlap = .replace },
        Case("two wait, and none is live: wait", Self.waiting, "queue behind monday") { $0.overlap = .wait },
        Case("two wait, and none is live", Self.waiting, "skip monday"),
        Case("two wait, and none is live: fail", Self.waiting, "fail monday") { $0.overlap = .fail },
        Case(
            "two wait, and an older one is live: wait", Self.waiting + [.init(row("sunday"), isLive: true)],
            "queue behind sunday"
        ) {
            $0.overlap = .wait
        },
        Case("the process of one that waits died", [.init(row(isWaiting: true))], "resume monday"),
        Case(
            "two died while they waited", [.init(row("tuesday", isWaiting: true)), .init(row(isWaiting: true))],
            "resume monday"),
        Case(
            "two died while they waited, long ago: one that has waited",
            [.init(row(age: .seconds(99_999), isWaiting: true))], "begin", hasWaited: true),
        Case(
            "one died while it waited, of another script", [.init(row(text: "other", isWaiting: true))], "begin",
            hasWaited: true),
        Case(
            "one died, and one while it waited", [.init(row("tuesday", isWaiting: true)), .init(row())],
            "resume monday"),
        Case("one died while it waited: abandon", [.init(row(isWaiting: true))], "begin, abandoning monday") {
            $0.interrupted = .abandon
        },
        Case("it was cancelled, and died: replace", [.init(row())], "resume monday", hasWaited: true) {
            $0.overlap = .replace
        },
        Case("the key waits", [.init(row(key: "k", isWaiting: true), isLive: true)], "wait monday") {
            $0.key = "k"
            $0.overlap = .replace
        },
        Case("another key is live: newest", [.init(row(key: "j"), isLive: true)], "queue behind monday") {
            $0.key = "k"
            $0.overlap = .newest
        },
        Case("the key is done, and another is live: replace", Self.doneBesideAnother, "report sunday") {
            $0.key = "k"
            $0.overlap = .replace
        },
        Case("the key is done, and another is live", Self.doneBesideAnother, "report sunday") { $0.key = "k" },
        Case("the key is done, and another is live: again", Self.doneBesideAnother, "queue behind monday") {
            $0.key = "k"
            $0.overlap = .newest
            $0.again = true
        },
        Case("it died: replace", [.init(row())], "begin, abandoning monday") { $0.overlap = .replace },
        Case("it died: replace, and resume", [.init(row())], "resume monday") {
            $0.overlap = .replace
            $0.interrupted = .resume
        },
        Case("it is live: fail", [.init(row(), isLive: true)], "fail monday") { $0.overlap = .fail },
        Case("it died long ago: resume", [.init(row(age: .seconds(99_999)))], "resume monday") {
            $0.interrupted = .resume
        },
        Case("it died: abandon", [.init(row())], "begin, abandoning monday") { $0.interrupted = .abandon },
        Case("it died: fail", [.init(row())], "fail monday") { $0.interrupted = .fail },
        Case("two died", [.init(row("tuesday")), .init(row())], "resume tuesday, abandoning monday"),
        Case("one is held, one died", [.init(row("tuesday", .ambiguous)), .init(row())], "resume monday"),
        Case("the key is done", [.init(row("monday", .succeeded, fate: .ended, key: "k"))], "report monday") {
            $0.key = "k"
        },
        Case("the key failed", [.init(row("monday", .failed, fate: .ended, key: "k"))], "report monday") {
            $0.key = "k"
        },
        Case("the key, again", [.init(row("monday", .succeeded, fate: .ended, key: "k"))], "begin") {
            $0.key = "k"
            $0.again = true
        },
        Case("another key is done", [.init(row("monday", .succeeded, fate: .ended, key: "j"))], "begin") {
            $0.key = "k"
        },
        Case("the key is live", [.init(row(key: "k"), isLive: true)], "wait monday") { $0.key = "k" },
        Case("another key is live", [.init(row(key: "j"), isLive: true)], "skip monday") { $0.key = "k" },
        Case(
            "the key was interrupted, long ago", [.init(row("monday", .unreachable, age: .seconds(99_999), key: "k"))],
            "resume monday"
        ) {
            $0.key = "k"
        },
        Case("the key is held", [.init(row("monday", .ambiguous, key: "k"))], "report monday") { $0.key = "k" },
        Case("it died three times", [.init(row(deaths: 3))], "held monday"),
        Case("it died three times, which was noted", [.init(row("monday", .stuck))], "held monday"),
        Case("it died twice", [.init(row(deaths: 2))], "resume monday"),
        Case(
            "it died three times, of another script", [.init(row(text: "other", deaths: 3))], "held monday"),
        Case(
            "it died three times, seven hours ago", [.init(row("monday", .stuck, age: .seconds(7 * 3600)))],
            "begin, held monday"),
        Case("it died three times: abandon", [.init(row("monday", .stuck))], "begin, abandoning monday") {
            $0.interrupted = .abandon
        },
        Case(
            "it died three times, long ago: abandon", [.init(row(age: .seconds(99_999), deaths: 3))],
            "begin, abandoning monday"
        ) {
            $0.interrupted = .abandon
        },
        Case("it died three times: resume", [.init(row(deaths: 3))], "held monday") { $0.interrupted = .resume },
        Case("it died three times: fail", [.init(row(deaths: 3))], "held monday") { $0.interrupted = .fail },
        Case(
            "it died three times, and a later one died", [.init(row("tuesday")), .init(row(deaths: 3))], "held monday"),
        Case(
            "it is held for a doubt, and a later one died three times",
            [.init(row("tuesday", .stuck)), .init(row("monday", .ambiguous))], "held tuesday"),
        Case("it died three times and was given up", [.init(row(fate: .abandoned, deaths: 3))], "begin"),
        Case("it died three times, and is live again", [.init(row(deaths: 3), isLive: true)], "skip monday"),
        Case("it died three times: another key", [.init(row(deaths: 3))], "held monday") { $0.key = "k" },
        Case("the key died three times", [.init(row(key: "k", deaths: 3))], "held monday") { $0.key = "k" },
        Case(
            "the key died three times, long ago", [.init(row("monday", .stuck, age: .seconds(99_999), key: "k"))],
            "held monday"
        ) {
            $0.key = "k"
        },
        Case("the key died three times: again", [.init(row(key: "k", deaths: 3))], "held monday") {
            $0.key = "k"
            $0.again = true
        },
    ]

    @Test(arguments: cases)
    func `what is to be done`(of example: Case) {
        let decision = example.policy.decide(
            example.known, textHash: "same", hasWaited: example.hasWaited, at: Self.now)
        let text: String =
            switch decision {
            case .begin(let abandoning, let held):
                "begin" + abandoning.map { ", abandoning \($0.id)" }.joined() + held.map { ", held \($0.id)" }.joined()
            case .resume(let row, let abandoning):
                "resume \(row.id)" + abandoning.map { ", abandoning \($0.id)" }.joined()
            case .wait(let row): "wait \(row.id)"
            case .queue(let row): "queue behind \(row.id)"
            case .skip(let row): "skip \(row.id)"
            case .report(let row): "report \(row.id)"
            case .fail(let row): "fail \(row.id)"
            case .held(let row): "held \(row.id)"
            }
        #expect(text == example.expected)
    }
}
