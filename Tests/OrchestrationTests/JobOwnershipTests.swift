import DataStudio
import Testing

@testable import Orchestration

/// Whose a job is, by its user, its space and its parameters.
@Suite struct JobOwnershipTests {
    /// In one word, so that tables are short.
    enum Whose { case ours, unknown, others }

    private static let north = WorkflowStart(
        label: "a", space: "S", parameters: [WorkflowParameter(name: "region", value: "north")])
    private static let plain = WorkflowStart(label: "a")

    /// Whose a job is.
    ///
    /// - Parameters:
    ///   - key: the user of the key as it stands in the intent, and whether a job has shown that spelling.
    ///   - learned: what has been learned of the key since.
    private func whose(
        _ start: WorkflowStart, user: String?, region: String?, space: String? = nil,
        key: (user: String?, isProven: Bool), learned: String? = nil, repeats: Bool = false, isExclusive: Bool = false
    ) -> Whose {
        var evidence = StartEvidence()
        (evidence.user, evidence.isUserProven, evidence.key) = (key.user, key.isProven, "…abcd")
        var profile = ServerProfile()
        if let learned { profile.learn(user: learned, of: "…abcd") }
        if repeats { profile.learnEcho(of: start) }
        let echo = JobEcho(
            user: user, space: space, parameters: region.map { [WorkflowParameter(name: "region", value: $0)] })
        switch JobOwnership(start, evidence, profile, isExclusive: isExclusive).finding(echo) {
        case .ours: return .ours
        case .unknown: return .unknown
        case .somebodyElses: return .others
        }
    }

    @Test(
        arguments: [
            // The user that jobs show, the user of the key, and whether a job has shown that spelling.
            ("x", "x", true, .ours), ("x", "x", false, .ours), ("y", "x", true, .others), ("y", "x", false, .unknown),
            ("y", nil, false, .unknown), (nil, "x", true, .unknown), (nil, nil, false, .unknown),
        ] as [(String?, String?, Bool, Whose)])
    func `the user tells whose a job is, once it is known how jobs show him`(
        shown: String?, key: String?, isProven: Bool, whose: Whose
    ) {
        #expect(self.whose(Self.plain, user: shown, region: nil, key: (key, isProven)) == whose)
    }

    @Test(
        arguments: [
            // Jobs tell no user.
            (nil, "north", false, .ours), (nil, "south", false, .unknown), (nil, "south", true, .others),
            (nil, "NORTH", false, .unknown), (nil, nil, false, .unknown),
            // They tell ours.
            ("x", "north", false, .ours), ("x", "NORTH", false, .unknown), ("x", "south", true, .others),
            ("x", nil, true, .ours),
            // They tell another one, of which it is not known that he is one.
            ("y", "north", true, .unknown),
        ] as [(String?, String?, Bool, Whose)])
    func `other parameters are those of another start only where the server repeats these exactly`(
        user: String?, region: String?, repeats: Bool, whose: Whose
    ) {
        #expect(
            self.whose(Self.north, user: user, region: region, key: ("x", false), repeats: repeats) == whose)
    }

    @Test func `what a server adds to the parameters does not matter, and without any there is nothing to compare`() {
        #expect(whose(Self.plain, user: nil, region: "north", key: (nil, false)) == .unknown)
        #expect(whose(Self.plain, user: "x", region: "north", key: ("x", true)) == .ours)
    }

    /// A job of the key has shown the user `x` since the intent was written.
    @Test(
        arguments: [
            // The user in the intent, whether a job had shown that spelling then, and the user that the job shows.
            (nil, false, "x", .ours), (nil, false, "y", .others), ("CORP\\x", false, "x", .ours),
            ("CORP\\x", false, "y", .others), ("y", true, "y", .ours), ("y", true, "x", .others),
        ] as [(String?, Bool, String, Whose)])
    func `what is learned of the key later counts, unless it was known before`(
        key: String?, isProven: Bool, shown: String, whose: Whose
    ) {
        #expect(self.whose(Self.plain, user: shown, region: nil, key: (key, isProven), learned: "x") == whose)
    }

    @Test func `a job of another space may be that of another start`() {
        #expect(whose(Self.north, user: "x", region: "north", space: "S", key: ("x", true)) == .ours)
        #expect(whose(Self.north, user: "x", region: "north", space: "T", key: ("x", true)) == .unknown)
        #expect(whose(Self.plain, user: "x", region: nil, space: "T", key: ("x", true)) == .ours)
    }

    @Test func `where nobody else starts workflows, all that does not contradict is ours`() {
        #expect(whose(Self.plain, user: nil, region: nil, key: (nil, false), isExclusive: true) == .ours)
        #expect(whose(Self.plain, user: "y", region: nil, key: ("x", false), isExclusive: true) == .unknown)
        #expect(whose(Self.north, user: nil, region: "south", key: (nil, false), isExclusive: true) == .unknown)
    }

    @Test func `a secret is not compared: it differs from run to run`() {
        let beginning = RunBeginning(script: "t.lua", text: "", seed: 7)
        let start = WorkflowStart(
            label: "a", parameters: [WorkflowParameter(name: "region", value: beginning.mask(of: "token"))])
        #expect(whose(start, user: "x", region: "anything", key: ("x", true), repeats: true) == .unknown)
        #expect(whose(start, user: nil, region: "anything", key: (nil, false)) == .unknown)
        #expect(whose(start, user: "y", region: "anything", key: ("x", true)) == .others)
    }
}
