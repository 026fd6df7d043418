import DataStudio
import Orchestration
import SimulatedStudio
import Testing

/// Servers that list a job some time after its start: what is learned of that, and what is told when it was not known.
@Suite struct ListLagTests {
    private static let script = #"execute "a" execute "a""#

    private func scenario(_ lag: String, lost: Int) -> String {
        """
        others: { duration: 30s }
        list_lag: \(lag)
        faults: [ { fault: lost, operation: executeWorkflow, skip: \(lost), count: 1 } ]
        """
    }

    @Test(arguments: ["5s", "12s", "25s"])
    func `one job that was watched shows how late a list is, whatever is configured`(lag: String) throws {
        let night = try TwoLives(Self.script, scenario: scenario(lag, lost: 1), settle: .seconds(1)).live()
        #expect(night.wrongs.isEmpty, "\(night.wrongs)")
        #expect(night.started == ["a", "a"])
        #expect(night.story(of: "execute#2") == "intent adopted settled")
        #expect(night.end?.status == .succeeded)
        #expect(night.told.isEmpty && night.end?.suspicions.isEmpty == true)
    }

    @Test func `what one process has learned of a list is known to the next`() throws {
        let night = try TwoLives(
            #"execute "a" sleep(5) execute "a""#, scenario: scenario("12s", lost: 9), settle: .seconds(1))
        try night.live { $0.story(of: "execute#1").hasSuffix("settled") }
        night.kill()
        #expect(night.profile.lag >= .seconds(9) && night.profile.lag <= .seconds(12))
        try night.liveAndDieAtStarts(1)
        #expect(night.wrongs.isEmpty, "\(night.wrongs)")
        #expect(night.started == ["a", "a"])
        #expect(night.story(of: "execute#2") == "intent adopted settled")
    }

    /// Nobody has configured anything, and nothing is known of the server yet.
    @Test(arguments: [true, false])
    func `a list that is eight seconds late is waited for on the first day`(dies: Bool) throws {
        let night = try TwoLives(#"execute "a""#, scenario: scenario("8s", lost: dies ? 9 : 0))
        if dies { try night.liveAndDieAtStarts(1) } else { try night.live() }
        #expect(night.wrongs.isEmpty, "\(night.wrongs)")
        #expect(night.story(of: "execute#1") == "intent adopted settled")
    }

    /// Outside of what Baton promises: at least somebody is told, at once and at the end, by whichever process ends the run.
    @Test(arguments: [true, false], [true, false])
    func `a job that is listed after its start was sent again is told`(dies: Bool, sendsDate: Bool) throws {
        let night = try TwoLives(
            #"execute "a""#,
            scenario: """
                others: { duration: 5m }
                list_lag: 60s
                sends_date: \(sendsDate)
                faults: [ { fault: lost, operation: executeWorkflow, count: 1 } ]
                """, settle: .seconds(1))
        if dies {
            try night.live { !$0.suspicions.isEmpty }
            try #require(night.end == nil, "it is told while the run goes on")
            night.kill()
            night.pass(.seconds(10))
        }
        try night.live()
        #expect(night.started == ["a", "a"])
        #expect(night.told.count == 1, "\(night.told)")
        #expect(night.suspicions == night.told)
        #expect(night.end?.status == .succeeded)
        #expect(night.end?.suspicions == night.told)
    }
}
