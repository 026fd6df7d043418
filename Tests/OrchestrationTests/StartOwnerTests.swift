import DataStudio
import Orchestration
import SimulatedStudio
import Testing

/// Whose a job is, when the answer to a start is missing: our own job is never taken for somebody else's, so that its start
/// would be sent again.
@Suite struct StartOwnerTests {
    private static let keys = """
        key: first-key-abcd
        keys: { second-key-wxyz: other.user }
        others: { duration: 20s }
        """

    // MARK: Another key

    /// What the server tells of users, who has a job there before the run, and what becomes of the step.
    static let users: [(more: String, earlier: String?, story: String)] = [
        ("", nil, "intent adopted settled"),
        ("", "simulated", "intent adopted settled"),
        ("", "other.user", "intent adopted settled"),
        ("tells_key: false", nil, "intent ambiguous"),
        ("tells_key: false", "simulated", "intent ambiguous"),
        ("tells_key: false", "other.user", "intent ambiguous"),
        (#"key_user: 'CORP\baton'"#, nil, "intent ambiguous"),
        (#"key_user: 'CORP\baton'"#, "simulated", "intent ambiguous"),
        (#"key_user: 'CORP\baton'"#, "other.user", "intent ambiguous"),
    ]

    @Test(arguments: StartOwnerTests.users)
    func `the key of another user when the run is resumed`(
        users: (more: String, earlier: String?, story: String)
    ) throws {
        let night = try TwoLives(#"execute "a""#, scenario: "\(Self.keys)\n\(users.more)")
        if let user = users.earlier { night.addEarlierJob("a", by: user, ago: .seconds(600)) }
        try night.live { $0.sent == 1 }
        night.kill()
        night.pass(.seconds(5))
        night.key = "second-key-wxyz"
        try night.live()
        #expect(night.wrongs.isEmpty, "\(night.wrongs)")
        #expect(night.started == ["a"])
        #expect(night.story(of: "execute#1") == users.story)
    }

    /// Of a key only the last four characters are shown, and of a short one nothing.
    @Test(arguments: [("first-nightly-key", "other-nightly-key"), ("short-a", "short-b")])
    func `two keys that are shown alike are two keys`(first: String, second: String) throws {
        let night = try TwoLives(
            #"execute "a" sleep(5) execute "b""#,
            scenario: """
                key: \(first)
                keys: { \(second): other.user }
                others: { duration: 20s }
                faults: [ { fault: lost, operation: executeWorkflow, label: b, count: 1 } ]
                """)
        try night.live { $0.story(of: "execute#1").hasSuffix("settled") }
        night.kill()
        night.key = second
        try night.live()
        #expect(night.wrongs.isEmpty, "\(night.wrongs)")
        #expect(night.started == ["a", "b"])
        #expect(night.isSafe)
    }

    // MARK: Users

    /// A start is sent before and after a job of ours has shown how the server spells the user.
    @Test(arguments: [#"key_user: 'CORP\baton'"#, "tells_key: false"], [0, 1])
    func `how jobs show the user of the key is learned from a job of ours`(more: String, lost: Int) throws {
        let night = try TwoLives(
            #"execute "a" execute "a""#,
            scenario: """
                \(Self.keys)
                \(more)
                faults: [ { fault: lost, operation: executeWorkflow, skip: \(lost), count: 1 } ]
                """)
        try night.live()
        #expect(night.wrongs.isEmpty, "\(night.wrongs)")
        if lost == 0 {
            #expect(night.stories == ["execute#1": "intent ambiguous"])
        } else {
            #expect(night.end?.status == .succeeded)
            #expect(night.story(of: "execute#2") == "intent adopted settled")
        }
        #expect(night.started.count == lost + 1)
    }

    @Test func `what was learned of the user is known to the next process`() throws {
        let night = try TwoLives(#"execute "a" sleep(5) execute "a""#, scenario: "\(Self.keys)\ntells_key: false")
        try night.live { $0.story(of: "execute#1").hasSuffix("settled") }
        night.kill()
        try night.liveAndDieAtStarts(1)
        #expect(night.wrongs.isEmpty, "\(night.wrongs)")
        #expect(night.story(of: "execute#2") == "intent adopted settled")
    }

    /// `keyInformation` may name who has made the key, and jobs the user they run as.
    @Test func `the name that the server has for the user of the key may be that of a person`() throws {
        let night = try TwoLives(
            #"execute "a""#,
            scenario: """
                \(Self.keys)
                key_user: anna
                faults: [ { fault: lost, operation: executeWorkflow, count: 1 } ]
                """)
        night.addEarlierJob("x", by: "anna", ago: .seconds(600))
        try night.live()
        #expect(night.wrongs.isEmpty, "\(night.wrongs)")
        #expect(night.started == ["a"])
        #expect(night.isSafe)
    }

    // MARK: Parameters

    /// The value that is sent, which of the starts loses its answer, and what becomes of its step.
    @Test(arguments: [
        ("north", 0, "intent ambiguous"), ("north", 1, "intent ambiguous"), ("NORTH", 0, "intent adopted settled"),
        ("NORTH", 1, "intent adopted settled"),
    ])
    func `a server may write the values of parameters otherwise`(value: String, lost: Int, story: String) throws {
        let night = try TwoLives(
            """
            for i = 1, 2 do execute { "a", params = { region = "\(value)" } } end
            """,
            scenario: """
                \(Self.keys)
                echo: upper
                faults: [ { fault: lost, operation: executeWorkflow, skip: \(lost), count: 1 } ]
                """)
        try night.live()
        #expect(night.wrongs.isEmpty, "\(night.wrongs)")
        #expect(night.story(of: "execute#\(lost + 1)") == story)
        #expect(night.started.count == (night.end?.status == .succeeded ? 2 : lost + 1))
    }

    /// The same workflow with other parameters is another start of ours; a stranger's job is none.
    @Test func `jobs of others and of other steps are not in question`() throws {
        let night = try TwoLives(
            """
            execute { "a", params = { region = "north" } }
            execute { "a", params = { region = "south" } }
            """,
            scenario: """
                \(Self.keys)
                faults: [ { fault: lost, operation: executeWorkflow, skip: 2, count: 1 } ]
                """)
        // Within the seconds of the second start.
        night.addStart(of: "a", key: "second-key-wxyz", after: .seconds(19))
        try night.live()
        #expect(night.wrongs.isEmpty, "\(night.wrongs)")
        #expect(night.started == ["a", "a"])
        #expect(night.story(of: "execute#2") == "intent adopted settled")
    }
}
