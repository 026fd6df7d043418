import LuaVM
import Orchestration
import Testing

/// The wall clock of the machine is set while a run goes on.
@Suite struct ClockTests {
    @Test(arguments: [-3600, -86_400, 0])
    func `time goes on for the script when the clock is set back`(seconds: Int) throws {
        let run = try VirtualRun(
            """
            local began = now()
            sleep(60)
            print(now() - began)
            execute 'a'
            print(now() - began >= 70)
            sleep(7200)
            print(now() - began >= 7270, now() - began < 7300)
            """, scenario: "workflows: { a: { duration: 10s } }")
        try run.run { $0.records.count > 0 }
        run.clockShift = .seconds(seconds)
        run.goOn()
        #expect(run.output == ["60", "true", "true\ttrue"])
        // Records never go backwards.
        #expect(zip(run.records, run.records.dropFirst()).allSatisfy { $0.at <= $1.at })
    }

    @Test func `a clock that is set forwards is followed`() throws {
        let run = try VirtualRun("local began = now() sleep(60) print(now() - began)")
        try run.run { $0.records.count > 0 }
        run.clockShift = .seconds(3600)
        run.goOn()
        #expect(run.output == ["3660"])
    }

    @Test func `the state of one job is asked for once a second at most`() throws {
        let run = try VirtualRun(
            """
            for i = 1, 6 do execute('a' .. i) end
            local began = now()
            for i = 1, 5 do state 'a1' end
            print(now() - began)
            for i = 2, 6 do state('a' .. i) end
            print(now() - began)
            """, scenario: "others: { duration: 10ms }"
        ).run()
        #expect(run.output == ["4", "4"])
    }
}
