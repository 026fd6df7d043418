import LuaVM
import Testing

/// Swift types on their way into Lua and back.
@Suite struct CodableTests {
    private struct Region: Codable, Equatable {
        var name: String
        var weight: Double?
    }

    private enum Level: String, Codable { case low, high }

    private struct Params: Codable, Equatable {
        var label: String
        var level: Level
        var count: Int8
        var regions: [Region]
        var limits: [String: UInt16]
    }

    private final class Node: Codable {
        var next: Node?
    }

    private struct Indexed: Codable, Equatable {
        var first: String
        var second: Bool

        private enum CodingKeys: Int, CodingKey {
            case first = 1
            case second
        }
    }

    private class Base: Codable {
        var id = 1
    }

    private final class Derived: Base {
        var label = "a"

        private enum CodingKeys: CodingKey { case label }

        override init() { super.init() }

        required init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            label = try container.decode(String.self, forKey: .label)
            try super.init(from: container.superDecoder())
        }

        override func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(label, forKey: .label)
            try super.encode(to: container.superEncoder())
        }
    }

    /// Nested containers, read and written by hand.
    private struct Nested: Codable, Equatable {
        var numbers: [Int]
        var flag: Bool

        private enum CodingKeys: CodingKey { case inner, flag, list }

        init(numbers: [Int], flag: Bool) {
            self.numbers = numbers
            self.flag = flag
        }

        init(from decoder: any Decoder) throws {
            let outer = try decoder.container(keyedBy: CodingKeys.self)
            let inner = try outer.nestedContainer(keyedBy: CodingKeys.self, forKey: .inner)
            flag = try inner.decode(Bool.self, forKey: .flag)
            var list = try inner.nestedUnkeyedContainer(forKey: .list)
            numbers = []
            while !list.isAtEnd { numbers.append(try list.decode(Int.self)) }
        }

        func encode(to encoder: any Encoder) throws {
            var outer = encoder.container(keyedBy: CodingKeys.self)
            var inner = outer.nestedContainer(keyedBy: CodingKeys.self, forKey: .inner)
            var list = inner.nestedUnkeyedContainer(forKey: .list)
            try inner.encode(flag, forKey: .flag)
            for number in numbers { try list.encode(number) }
        }
    }

    private struct Refusal: Error, CustomStringConvertible {
        let description = "not today"
    }

    private struct Refusing: Codable {
        init() {}
        init(from decoder: any Decoder) throws { throw Refusal() }
        func encode(to encoder: any Encoder) throws { throw Refusal() }
    }

    /// The value of an expression, as the VM that keeps its tables sees it.
    private func value(of expression: String) throws -> (vm: LuaVM, value: LuaValue) {
        let script = try Script()
        try script.vm.openJSON()
        try script.run("return \(expression)")
        guard case .returned(let values)? = script.outcome else {
            throw script.error ?? LuaError("the expression was stopped")
        }
        return (script.vm, values.first ?? .nil)
    }

    private func decode<Value: Decodable>(_ type: Value.Type, _ expression: String) throws -> Value {
        let (vm, value) = try value(of: expression)
        return try vm.decode(type, from: value, named: "params")
    }

    private func message<Value: Decodable>(_ type: Value.Type, _ expression: String) throws -> String? {
        let (vm, value) = try value(of: expression)
        return #expect(throws: LuaCodingError.self) { try vm.decode(type, from: value, named: "params") }?.description
    }

    /// What a script sees of an encoded value.
    private func shown(_ value: some Encodable, _ expression: String) throws -> [String] {
        let script = try Script()
        try script.vm.openJSON()
        script.vm.setGlobal("v", try LuaValue(encoding: value))
        try script.run("show(\(expression))")
        if let error = script.error { throw error }
        return script.shown
    }

    // MARK: Decoding

    @Test func `a table of a script is read to its depth`() throws {
        let params = try decode(
            Params.self,
            """
            { label = 'a', level = 'high', count = 3.0, unknown = print,
              regions = { { name = 'n', weight = 2 }, { name = 's' } }, limits = { x = 1, ['7'] = 2 } }
            """)
        #expect(
            params
                == Params(
                    label: "a", level: .high, count: 3,
                    regions: [Region(name: "n", weight: 2), Region(name: "s", weight: nil)],
                    limits: ["x": 1, "7": 2]))
    }

    @Test(arguments: [
        ("'x'", "params: expected table, got string"),
        ("nil", "params: expected table, got nil"),
        ("print", "params: expected table, got function"),
        ("{ level = 'low' }", "params.label: expected string, got nil"),
        ("{ label = json.null }", "params.label: expected string, got json.null"),
        ("{ label = 1 }", "params.label: expected string, got number"),
        (#"{ label = "\xff" }"#, "params.label: expected UTF-8, got string of other bytes"),
        (
            "{ label = '', level = 'middle' }",
            "params.level: Cannot initialize Level from invalid String value middle"
        ),
        ("{ label = '', level = 'low', count = '1' }", "params.count: expected number, got string"),
        ("{ label = '', level = 'low', count = 1.5 }", "params.count: expected integer, got 1.5"),
        ("{ label = '', level = 'low', count = 200 }", "params.count: expected integer from -128 to 127, got 200"),
        ("{ label = '', level = 'low', count = 1e3 }", "params.count: expected integer from -128 to 127, got 1000.0"),
        ("{ label = '', level = 'low', count = 1/0 }", "params.count: expected integer, got inf"),
        ("{ label = '', level = 'low', count = 1 }", "params.regions: expected list, got nil"),
        (
            "{ label = '', level = 'low', count = 1, regions = { { name = 'n' }, { name = {} } } }",
            "params.regions[2].name: expected string, got table"
        ),
        (
            "{ label = '', level = 'low', count = 1, regions = { { name = 'n' }, a = 1 } }",
            "params.regions: expected list, got table with the key a"
        ),
        (
            "{ label = '', level = 'low', count = 1, regions = { {}, [3] = {} } }",
            "params.regions: expected list, got table with nothing at 2"
        ),
        (
            "{ label = '', level = 'low', count = 1, regions = {}, limits = { ['a b'] = -1 } }",
            #"params.limits["a b"]: expected integer from 0 to 65535, got -1"#
        ),
        (
            "{ label = '', level = 'low', count = 1, regions = {}, limits = { 1, 2 } }",
            "params.limits: expected table with strings as keys, got the key 1"
        ),
    ])
    func `what does not fit is named with its path`(expression: String, expected: String) throws {
        #expect(try message(Params.self, expression) == expected)
    }

    @Test func `numbers stay exact, and stand for each other where nothing is lost`() throws {
        #expect(
            try decode([Int64].self, "{ 9007199254740993, math.mininteger, -0.0 }") == [9_007_199_254_740_993, .min, 0])
        #expect(try decode([Double].self, "{ 1, 1.5, math.huge }") == [1, 1.5, .infinity])
        #expect(try decode([Float].self, "{ 0.5, -math.huge }") == [0.5, -.infinity])
        #expect(try decode(UInt64.self, "2^63") == 1 << 63)
        #expect(try message(Int64.self, "2^63")?.hasSuffix("got 9.223372036854776e+18") == true)
        #expect(try message(Float.self, "1e300") == "params: 1e+300 is too large")
        #expect(try message(Bool.self, "1") == "params: expected boolean, got number")
    }

    @Test func `the empty table is a list and an object`() throws {
        #expect(try decode([Int].self, "{}").isEmpty)
        #expect(try decode([String: Int].self, "{}").isEmpty)
    }

    @Test func `nil, json null and what is not there are the same`() throws {
        #expect(try decode(Int?.self, "nil") == nil)
        #expect(try decode(Int?.self, "json.null") == nil)
        #expect(try decode([String: Int?].self, "{ a = json.null, b = 1 }") == ["a": nil, "b": 1])
        #expect(try decode([Int?].self, "{ 1, json.null }") == [1, nil])
        #expect(try decode(Region.self, "{ name = 'n', weight = json.null }") == Region(name: "n", weight: nil))
    }

    @Test func `keys with an integer stand for an index, or for the name`() throws {
        #expect(try decode(Indexed.self, "{ 'a', true }") == Indexed(first: "a", second: true))
        #expect(try decode(Indexed.self, "{ first = 'a', second = true }") == Indexed(first: "a", second: true))
        #expect(try decode([Int: String].self, "{ 'a', [7] = 'b' }") == [1: "a", 7: "b"])
        #expect(try message(Indexed.self, "{ 'a', 2 }") == "params[2]: expected boolean, got number")
    }

    @Test func `a table that contains itself is an error`() throws {
        let text = try #require(
            try message(Node.self, "(function() local t = {} t.next = t return t end)()"))
        #expect(text.hasPrefix("params.next.next."))
        #expect(text.hasSuffix(".next: more than 100 tables inside each other"))
    }

    @Test func `a table that the host built is read as a script's would be`() throws {
        let vm = try LuaVM()
        let table = LuaTable(entries: [
            (.integer(2), .string("b")), (.integer(1), .string("a")), (.integer(3), .nil), (.integer(2), .string("c")),
        ])
        #expect(throws: LuaCodingError.self) { try vm.decode([String].self, from: .table(table)) }
        let list = LuaTable(entries: [(.integer(2), .string("b")), (.integer(1), .string("a")), (.integer(3), .nil)])
        #expect(try vm.decode([String].self, from: .table(list)) == ["a", "b"])
    }

    @Test func `errors of the types themselves come as coding errors`() throws {
        #expect(try message(Refusing.self, "{}") == "params: not today")
        #expect(throws: LuaCodingError(path: "", message: "not today")) { try LuaValue(encoding: Refusing()) }
    }

    @Test func `a host function reads its arguments while a coroutine runs`() throws {
        let script = try Script()
        script.vm.register("sum") { call in
            [.integer(try call.decode([[Int64]].self, from: call.argument(0), named: "lists").joined().reduce(0, +))]
        }
        try script.run(
            """
            coroutine.wrap(function()
              show(sum { { 1, 2 }, { 3 } })
              show(tostring(select(2, pcall(sum, { { 1 }, 'x' }))))
            end)()
            """)
        #expect(script.shown == ["6", "lists[2]: expected list, got string"])
    }

    @Test func `a host reads what its scripts return`() async throws {
        let host = try LuaHost()
        let values = try await host.run("return { name = 'n', weight = 1 }")
        #expect(try await host.decode(Region.self, from: try #require(values.first)) == Region(name: "n", weight: 1))
    }

    // MARK: Encoding

    @Test func `fields become a table, sequences a list`() throws {
        let params = Params(
            label: "a", level: .low, count: -1, regions: [Region(name: "n"), Region(name: "s", weight: 2)],
            limits: ["7": 1])
        #expect(
            try shown(params, "json.encode(v)") == [
                #"{"count":-1,"label":"a","level":"low","limits":{"7":1},"#
                    + #""regions":[{"name":"n"},{"name":"s","weight":2.0}]}"#
            ])
        guard case .table(let table) = try LuaValue(encoding: params) else {
            Issue.record("not a table")
            return
        }
        #expect(table.entries.map(\.key.text) == ["label", "level", "count", "regions", "limits"])
    }

    @Test(arguments: [
        ("math.type(v[1])", "integer"), ("v[1]", "9007199254740993"), ("math.type(v[2])", "integer"), ("#v", "2"),
    ])
    func `integers stay integers`(expression: String, expected: String) throws {
        #expect(try shown([9_007_199_254_740_993, 1] as [Int64], expression) == [expected])
    }

    @Test func `keys with an integer become an index`() throws {
        #expect(try shown(Indexed(first: "a", second: true), "#v, v[1], v[2]") == ["2 a true"])
        #expect(try shown([7: "x"], "v[7], v['7']") == ["x nil"])
        #expect(try shown(["7": "x"], "v[7], v['7']") == ["nil x"])
    }

    @Test func `single values are encoded too`() throws {
        #expect(try shown("text", "v") == ["text"])
        #expect(try shown(1.5 as Float, "v") == ["1.5"])
        #expect(try shown(Level.high, "v") == ["high"])
        #expect(try shown(Int?.none, "v") == ["nil"])
        #expect(try shown([1, 2] as [UInt8], "#v") == ["2"])
    }

    @Test func `what Lua cannot hold is named with its path`() throws {
        struct Big: Encodable { var sizes = ["a": [UInt64.max]] }
        #expect(
            throws: LuaCodingError(
                path: "report.sizes.a[1]",
                message: "expected integer from \(Int64.min) to \(Int64.max), got \(UInt64.max)")
        ) { try LuaValue(encoding: Big(), named: "report") }
        #expect(throws: LuaCodingError(path: "[2]", message: "nil would end the list: use a default value")) {
            try LuaValue(encoding: [1, nil, 3])
        }
        let node = Node()
        node.next = node
        #expect(throws: LuaCodingError.self) { try LuaValue(encoding: node) }
        node.next = nil
    }

    @Test func `a value comes back as it went`() throws {
        func roundTrip<Value: Codable & Equatable>(_ value: Value) throws {
            let script = try Script()
            var returned: LuaValue?
            try script.run("local v = ask() ask(v)") { vm, request in
                returned = request.arguments.first
                vm.resume(request.token, returning: [(try? LuaValue(encoding: value)) ?? .nil])
            }
            #expect(try script.vm.decode(Value.self, from: try #require(returned)) == value)
        }
        try roundTrip(Nested(numbers: [1, 2], flag: true))
        try roundTrip(Indexed(first: "a", second: false))
        try roundTrip(["a": [[1], []], "": []])
        try roundTrip([Int8.min, .max])
        try roundTrip([UInt64(Int64.max)])
        try roundTrip(Set([1.5, -0.25]))

        let vm = try LuaVM()
        let derived = Derived()
        derived.id = 7
        let again = try vm.decode(Derived.self, from: try LuaValue(encoding: derived))
        #expect(again.id == 7 && again.label == "a")
    }
}
