import DataStudio
import JSON
import SimulatedStudio
import Testing

struct AccessTests {
    @Test(arguments: ["default other", "default simulated-key ", "default", "Bearer simulated-key2", "", "other other"])
    func `a wrong key is refused with 401`(header: String) throws {
        var client = try Client(.anything)
        client.authorization = header
        let reply = client.send("GET", "/api/1.0/jobs")
        #expect(reply.status == 401)
        #expect(reply.json?.jsonText == #"{"status":401,"message":"The API key is not valid."}"#)
    }

    @Test func `no key at all is refused with 401`() throws {
        var client = try Client(.anything)
        client.authorization = nil
        let reply = client.send("GET", "/api/1.0/jobs")
        #expect(reply.status == 401)
        #expect(reply.message == "The Authorization header is missing.")
    }

    @Test func `a wrong environment is refused with 403 and named`() throws {
        var client = try Client(.anything)
        client.authorization = "production simulated-key"
        let reply = client.send("GET", "/api/1.0/jobs")
        #expect(reply.status == 403)
        #expect(reply.message == #"The API key gives no access to the environment "production"."#)
    }

    @Test func `the header follows the template of the description`() throws {
        var description = try APIDescription.default()
        description.authentication = "Key {key}; {environment}"
        var scenario = Scenario()
        scenario.environment = "e"
        scenario.key = "k"
        var client = try Client(scenario, description: description)
        var statuses: [Int?] = []
        for header in ["Key k; e", "Key k; f", "Key l; e", "e k"] {
            client.authorization = header
            statuses.append(client.send("GET", "/api/1.0/jobs").status)
        }
        #expect(statuses == [200, 403, 401, 401])
    }

    @Test func `the key is checked before the path`() throws {
        var client = try Client(.anything)
        client.authorization = "default wrong"
        #expect(client.send("GET", "/nowhere").status == 401)
    }

    @Test(arguments: ["/", "", "/nowhere", "/api/1.0", "/api/1.0/jobs/", "/api/1.0/jobs/1/cancel", "/API/1.0/jobs"])
    func `an unknown path is answered with 404`(path: String) throws {
        var client = try Client(.anything)
        let reply = client.send("GET", path)
        #expect(reply.status == 404)
        #expect(reply.message == "There is nothing at \(path).")
    }

    @Test(arguments: [
        ("DELETE", "/api/1.0/jobs"), ("GET", "/api/1.0/workflows/execute"), ("POST", "/api/1.0/jobs/1"),
        ("POST", "/api/docs/openapi.json"),
    ])
    func `a wrong method is answered with 405`(method: String, path: String) throws {
        var client = try Client(.anything)
        let reply = client.send(method, path)
        #expect(reply.status == 405)
        #expect(reply.message == "\(method) is not allowed at \(path).")
    }

    @Test func `a body that was too long is answered with 413`() throws {
        var client = try Client(.anything)
        var request = SimulatedRequest(method: "POST", path: "/api/1.0/workflows/execute")
        request.isTooLong = true
        #expect(client.studio.handle(request, at: client.now).status == 413)
        #expect(client.studio.log.map(\.status) == [413])
    }
}
