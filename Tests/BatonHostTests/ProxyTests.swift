import Foundation
import Testing

@testable import BatonHost

@Suite struct ProxyTests {
    private func proxy(_ url: String, _ environment: [String: String]) throws -> String? {
        let url = try #require(URL(string: url))
        return try ProxySettings(for: url, environment: environment).map { "\($0.host):\($0.port)" }
    }

    @Test func `the variable for the scheme counts, small letters before capitals`() throws {
        let both = ["http_proxy": "http://a:1", "HTTPS_PROXY": "b:2", "https_proxy": ""]
        #expect(try proxy("http://studio:7701", both) == "a:1")
        #expect(try proxy("https://studio:7701", both) == "b:2")
        #expect(try proxy("https://studio", ["ALL_PROXY": "http://user:p%40ss@c"]) == "c:80")
        #expect(try proxy("https://studio", [:]) == nil)
    }

    @Test(arguments: [
        ("*", true), ("studio.example.com", true), ("example.com", true), (".example.com", true), ("ample.com", false),
        ("localhost, EXAMPLE.com", true), ("example.com:7701", true), ("example.com:80", false), ("", false),
    ])
    func `what NO_PROXY names is reached directly`(list: String, isExempt: Bool) throws {
        let found = try proxy("https://studio.example.com:7701", ["HTTPS_PROXY": "http://p:1", "NO_PROXY": list])
        #expect((found == nil) == isExempt)
    }

    @Test(arguments: ["socks5://p:1", "https://p:1", "::"])
    func `what names no HTTP proxy is told without its password`(value: String) throws {
        #expect {
            try proxy("https://studio", ["HTTPS_PROXY": value])
        } throws: { "\($0)".contains("HTTPS_PROXY: an HTTP proxy such as") && !"\($0)".contains(value) }
    }

    @Test(arguments: [
        ("/b", "/b"), ("b?c=d", "/x/b?c=d"), ("http://h:7701/b", "/b"), ("HTTP://H:7701/b", "/b"),
        ("https://h:7701/b", nil), ("http://h:7702/b", nil), ("http://other:7701/b", nil), ("//other/b", nil),
        (nil, nil),
    ])
    func `a redirect is followed on the same server only`(location: String?, path: String?) {
        #expect(Redirect.path(from: "http://h:7701/x/a", to: location, within: "http://h:7701") == path)
    }
}
