import DataStudio
import Foundation
import LuaVM
import Testing

@testable import BatonHost

/// Files, environment, options: what wins, and what is said of what is wrong.
@Suite struct ConfigurationTests {
    /// A folder that is removed with this object.
    private func load(
        _ folder: Folder, _ environment: [String: String] = [:], server: String? = nil
    ) throws -> BatonConfiguration {
        try ConfigurationLoader(environment: environment, directory: folder.path + "/scripts").load(server: server)
    }

    private func problems(_ folder: Folder, _ environment: [String: String] = [:], server: String? = nil) -> [String] {
        do {
            _ = try load(folder, environment, server: server)
            return []
        } catch {
            return (error as? ConfigurationError)?.problems ?? ["\(error)"]
        }
    }

    @Test func `nothing configured is no server`() throws {
        #expect(try load(Folder()).server == nil)
    }

    @Test func `a nearer file wins key by key, and the environment over files`() throws {
        let folder = try Folder()
        try folder.write(
            """
            server: production
            limits: { patience: 1m, script_time: 3s, memory: 64MB }
            servers:
              production: { url: "https://studio.example.com:7701/", api_key_file: /etc/key, environment: live, space: A }
            """, to: "baton.yaml")
        try folder.write("servers: { production: { space: B } }", to: "scripts/baton.yaml")
        let configuration = try load(folder, ["BATON_LIMITS_PATIENCE": "2s"])
        let server = try #require(configuration.servers["production"])
        #expect(configuration.server == "production")
        #expect(configuration.patience == .seconds(2))
        #expect(configuration.scriptLimits.time == .seconds(3))
        #expect(configuration.scriptLimits.memory == 64 << 20)
        let other = try load(folder, ["BATON_LIMITS_SCRIPT_TIME": "1m", "BATON_LIMITS_MEMORY": "1 gb"])
        #expect(other.scriptLimits.time == .seconds(60))
        #expect(other.scriptLimits.memory == 1 << 30)
        #expect(server.url == "https://studio.example.com:7701")
        #expect(server.environment == "live")
        #expect(server.space == "B")
        #expect(!server.api.verified)
    }

    @Test func `a URL is a server by itself, with the environment's settings`() throws {
        let configuration = try load(
            Folder(), ["BATON_SERVER": "http://127.0.0.1:7701", "BATON_ENVIRONMENT": "Test", "BATON_SPACE": "S"])
        let server = try #require(configuration.servers["http://127.0.0.1:7701"])
        #expect(server.environment == "Test")
        #expect(server.space == "S")
        #expect(try load(Folder(), ["BATON_SERVER": "http://a"], server: "http://b").server == "http://b")
    }

    @Test func `everything that is wrong is told at once, with its place`() throws {
        let folder = try Folder()
        try folder.write(
            """
            sever: production
            servers:
              production:
                url: studio
                api_key_fil: /etc/key
            """, to: "baton.yaml")
        let problems = problems(folder)
        #expect(problems.count == 2)
        #expect(problems[0].hasSuffix("baton.yaml:1: unknown setting \"sever\" (did you mean \"server\"?)"))
        #expect(
            problems[1].hasSuffix(
                "baton.yaml:5: unknown setting \"servers.production.api_key_fil\" (did you mean \"api_key_file\"?)"))
    }

    @Test(arguments: [
        ("server: p\nservers: { p: { url: studio, api_key_env: K } }", "servers.p.url: a URL such as"),
        ("server: p\nservers: { p: { api_key_env: K } }", "servers.p.url is missing"),
        (
            "server: p\nservers: { p: { url: 'http://h' } }",
            "the API key is missing: give api_key_file, api_key_env or api_key_command"
        ),
        (
            "server: prodution\nservers: { production: { url: 'http://h', api_key_env: K } }",
            "did you mean \"production\"?"
        ),
        ("limits: { patience: soon }", "limits.patience: a duration such as"),
        ("limits: { patience: [1] }", "limits.patience takes one value"),
        ("limits: { script_time: 0 }", "limits.script_time: a duration such as"),
        ("limits: { memory: 5 }", "limits.memory: a size of 1MB or more such as \"256MB\" was expected; got \"5\""),
        ("limits: { memory: 99999999999GB }", "limits.memory: a size of 1MB"),
        (
            "servers: { p: { url: 'http://h', api_key_env: K, api_key_file: f } }",
            "has api_key_file and api_key_env"
        ),
        ("server: 'http://h:99999'", "a URL such as"),
        ("server: [", "baton.yaml"),
        ("- a", "a mapping of settings was expected"),
        (
            "server: p\nservers: { p: { url: 'http://h', api_key_env: K, api: gone.yaml } }",
            "gone.yaml cannot be used"
        ),
    ])
    func `a setting that cannot be used is told`(yaml: String, message: String) throws {
        let folder = try Folder()
        try folder.write(yaml, to: "baton.yaml")
        let problems = problems(folder)
        #expect(problems.count == 1, "\(problems)")
        #expect(problems.first?.contains(message) == true, "\(problems)")
    }

    @Test func `a key comes from a file that others cannot read`() async throws {
        let folder = try Folder()
        let file = try folder.write(" secret-key-0001\n", to: "key", mode: 0o640)
        #expect(try await SecretSource.file(file).read().secret == "secret-key-0001")
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file)
        await #expect {
            try await SecretSource.file(file).read()
        } throws: { "\($0)" == "the API key: everybody can read the file \(file): run  chmod o= \(file)" }
        await #expect { try await SecretSource.file(folder.path + "/none").read() } throws: {
            "\($0)".contains("does not exist")
        }
        let empty = try folder.write("\n", to: "empty")
        await #expect { try await SecretSource.file(empty).read() } throws: { "\($0)".contains("is empty") }
    }

    @Test func `a key comes from what a command prints, and a command that fails is told`() async throws {
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
