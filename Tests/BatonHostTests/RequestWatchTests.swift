import BatonHost
import DataStudio
import Journal
import Testing

/// How a live run hears of what other processes want.
@Suite struct RequestWatchTests {
    private struct Busy: Error {}

    private static func request(_ id: Int64, at: Int64 = 0) -> RunRequest {
        RunRequest(id: id, verb: "cancel", by: "me", at: Timestamp(milliseconds: at))
    }

    @Test func `a look that fails is followed by another, and each request is passed on once`() async {
        let task = Task { () -> [RunRequest] in
            var passed: [RunRequest] = []
            var looks = 0
            try? await RequestWatch(every: .milliseconds(1), StudioClient.silent).run {
                looks += 1
                switch looks {
                case 1, 4: throw Busy()
                case 2, 3: return [Self.request(1)]
                case 5: return [Self.request(1), Self.request(2)]
                // SQLite gives the id of a request that was deleted to another one.
                case 6: return [Self.request(2), Self.request(1, at: 5)]
                case 7: return []
                case 8: return [Self.request(1, at: 9)]
                default:
                    withUnsafeCurrentTask { $0?.cancel() }
                    return []
                }
            } pass: {
                passed.append($0)
            }
            return passed
        }
        #expect(
            await task.value == [
                Self.request(1), Self.request(2), Self.request(1, at: 5), Self.request(1, at: 9),
            ])
    }
}
