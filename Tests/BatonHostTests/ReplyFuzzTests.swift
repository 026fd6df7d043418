import BatonHost
import DataStudio
import Foundation
import HostileTexts
import Orchestration
import Synchronization
import TestPeer
import Testing

/// Whatever a server sends ends in an answer or an error: every status that three digits can be, and heads and bodies of any
/// bytes, over real sockets. Always the same; `BATON_FUZZ_SEED` makes others, `BATON_FUZZ_CASES` more: `scripts/prove rubbish`.
@Suite struct ReplyFuzzTests {
    private static let cases = ProcessInfo.processInfo.environment["BATON_FUZZ_CASES"].flatMap { Int($0) } ?? 1_000
    private static let seed = ProcessInfo.processInfo.environment["BATON_FUZZ_SEED"].flatMap { UInt64($0) } ?? 4711

    private static let good = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}"

    private static func reply(_ number: Int) -> [UInt8] {
        if number < 1_000 {
            let digits = String(number)
            let status = String(repeating: "0", count: 3 - digits.count) + digits
            return Array("HTTP/1.1 \(status) Some Reason\r\ncontent-length: 2\r\n\r\n{}".utf8)
        }
        var random = SplitMix(seed: seed &+ UInt64(number))
        switch number % 3 {
        case 0:
            var bytes = Array(good.utf8)
            for _ in 0...random.next() % 4 {
                bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
            }
            return Array(bytes.prefix(bytes.count - Int(random.next() % 4)))
        case 1:
            let text = HostileTexts.all[Int(random.next() % UInt64(HostileTexts.all.count))]
            return Array(
                "HTTP/1.1 200 \(text)\r\nretry-after: \(text)\r\nlocation: \(text)\r\ndate: \(text)\r\n\r\n\(text)".utf8
            )
        default:
            let lengths = ["-1", "99999999999999999999", "0x10", "2, 3", "", "1\r\ncontent-length: 2", "4"]
            let status = ["1", "99", "100", "1000", "99999999999", "-1", "0", "200", "101", "304", "204"]
            let length = lengths[Int(random.next() % UInt64(lengths.count))]
            return Array(
                "HTTP/1.\(random.next() % 12) \(status[Int(random.next() % UInt64(status.count))]) \r\ncontent-length: \(length)\r\n\r\n{}"
                    .utf8)
        }
    }

    @Test func `no reply ends the process`() async throws {
        print("seed of the fuzzing: \(Self.seed)")
        let next = Atomic(0)
        try await Peer.with { _, _ in
            .raw(Self.reply(next.wrappingAdd(1, ordering: .relaxed).oldValue))
        } _: { _, port in
            let url = "http://127.0.0.1:\(port)"
            let world = OutsideWorld { _ in }
            let client = try StudioClient(
                ServerConfiguration(url: url, key: .literal("abcdefghijklmnop"), api: try .default()),
                key: APIKey("abcdefghijklmnop"),
                readTimeouts: .read(patience: .seconds(5)))
            let api = StudioAPI(try .default())
            let start = try api.startRequest(WorkflowStart(label: "a"))
            let list = try api.jobListRequest(createdAfter: nil, at: .first, pageSize: 10)
            var answers = 0
            for number in 0..<Self.cases {
                switch number % 3 {
                case 0:
                    switch await world.carryOut(.http(HTTPCall(method: "GET", url: url))) {
                    case .http(let reply):
                        answers += 1
                        #expect((100...999).contains(reply.status))
                    default: break
                    }
                case 1: _ = await client.send(start)
                default: _ = await client.send(list)
                }
            }
            #expect(answers > 100)
            await client.shutdown()
        }
    }
}
