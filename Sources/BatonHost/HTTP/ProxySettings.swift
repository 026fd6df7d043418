import AsyncHTTPClient
package import Foundation

/// The HTTP proxy that the environment names for a server: `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`, in
/// capitals or not; small letters win.
package struct ProxySettings: Hashable, Sendable {
    /// The proxy's name or address.
    package let host: String
    /// The proxy's port.
    package let port: Int
    private let user: String?
    private let password: String?

    /// - Parameters:
    ///   - url: of the server.
    ///   - environment: of the process.
    /// - Returns: `nil` where the server is reached directly.
    /// - Throws: ``ConfigurationError`` for a variable that names no proxy.
    package init?(for url: URL, environment: [String: String]) throws(ConfigurationError) {
        func variable(_ name: String) -> (name: String, value: String)? {
            for name in [name.lowercased(), name] {
                if let value = environment[name], !value.isEmpty { return (name, value) }
            }
            return nil
        }
        let isSecure = url.scheme?.lowercased() == "https"
        // HTTP_PROXY in capitals may come from a client's "Proxy" header in a CGI program. Baton is none.
        guard let found = variable(isSecure ? "HTTPS_PROXY" : "HTTP_PROXY") ?? variable("ALL_PROXY"),
            let host = url.host, !Self.isExempt(host, url.port, by: variable("NO_PROXY")?.value ?? "")
        else { return nil }
        let text = found.value.contains("://") ? found.value : "http://" + found.value
        guard let proxy = URL(string: text), proxy.scheme?.lowercased() == "http", let name = proxy.host, !name.isEmpty,
            proxy.hasValidPort
        else {
            throw ConfigurationError(
                "\(found.name): an HTTP proxy such as http://proxy.example.com:3128 was expected (its value is not shown: "
                    + "it may hold a password)")
        }
        self.host = name
        port = proxy.port ?? 80
        user = proxy.user(percentEncoded: false)
        password = proxy.password(percentEncoded: false)
    }

    /// `*`, a name, a name with what ends in it, `.suffix`, `host:port`.
    private static func isExempt(_ host: String, _ port: Int?, by list: String) -> Bool {
        let host = host.lowercased()
        return list.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces).lowercased() }.contains {
            if $0 == "*" { return true }
            var name = $0
            if let colon = name.lastIndex(of: ":"), let limit = Int(name[name.index(after: colon)...]),
                name.count(where: { $0 == ":" }) == 1
            {
                guard limit == port else { return false }
                name = String(name[..<colon])
            }
            let suffix = name.hasPrefix(".") ? name : "." + name
            return !name.isEmpty && (host == name || host.hasSuffix(suffix))
        }
    }

    var configuration: HTTPClient.Configuration.Proxy {
        .server(
            host: host, port: port,
            authorization: user.map { .basic(username: $0, password: password ?? "") })
    }
}
