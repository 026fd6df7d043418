import Foundation
import Testing

@testable import BatonHost

/// Where keys come from, and that they are shown nowhere.
@Suite struct SecretSourceTests {
    @Test func `a key comes from a file that others cannot read`() async throws {
        let folder = try Folder()
        let file = try folder.write(" secret-key-0001\n", to: "key", mode: 0o640)
        #expect(try await SecretSource.file(file).read().secret == "secret-key-0001")
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file)
        await #expect {
            try await SecretSource.file(file).read()
        } throws: { "\($0)".hasPrefix("the API key: everybody can read the file \(file): run  chmod o= \(file) ") }
        await #expect { try await SecretSource.file(folder.path + "/none").read() } throws: {
            "\($0)".contains("does not exist")
        }
        let empty = try folder.write("\n", to: "empty")
        await #expect { try await SecretSource.file(empty).read() } throws: { "\($0)".contains("is empty") }
    }

    @Test func `a key comes from what a command prints, and a command that fails is reported`() async throws {
        #expect(try await SecretSource.command("echo secret-key-0002").read().secret == "secret-key-0002")
        await #expect { try await SecretSource.command("echo secret-key-0002; exit 1").read() } throws: {
            "\($0)".contains("the API key: its command did not print it")
        }
    }

    @Test func `a key is hidden wherever a server repeats it`() {
        let key = APIKey("secret-key-0001")
        #expect(key.hidden(in: "bad key secret-key-0001, secret-key-0001!") == "bad key ***, ***!")
        let bytes = Array("<secret-key-0001><secret-key-000>".utf8)
        #expect(String(decoding: key.hidden(in: bytes), as: UTF8.self) == "<***><secret-key-000>")
        #expect(key.hidden(in: Array("nothing".utf8)) == Array("nothing".utf8))
        let odd = APIKey("a/b+c=d/e")
        #expect(odd.hidden(in: #"a/b+c=d/e a\/b+c=d\/e a%2Fb%2Bc%3Dd%2Fe"#) == "*** *** ***")
    }

    @Test func `a key shows its last four characters at most`() {
        let key = APIKey("secret-key-0001")
        #expect("\(key)" == "…0001")
        #expect(String(reflecting: key) == "…0001")
        var dumped = ""
        dump(key, to: &dumped)
        #expect(!dumped.contains("secret"))
        #expect("\(APIKey("short"))" == "…")
    }
}
