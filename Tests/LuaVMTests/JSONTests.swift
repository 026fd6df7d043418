import Testing

@testable import LuaVM

/// The table `json` that scripts may be given.
@Suite struct JSONTests {
    private func script(maximumLength: Int = 64 << 20) throws -> Script {
        let script = try Script()
        try script.vm.openJSON(maximumLength: maximumLength)
        return script
    }

    private func shown(_ expression: String, maximumLength: Int = 64 << 20) throws -> String {
        let script = try script(maximumLength: maximumLength)
        try script.run("show(\(expression))")
        return script.shown.first ?? script.error?.description ?? "nothing"
    }

    // MARK: Encoding

    @Test(arguments: [
        ("1", "1"), ("1.0", "1.0"), ("-0.0", "-0.0"), ("9007199254740993", "9007199254740993"), ("1e300", "1e+300"),
        ("0.1", "0.1"), ("true", "true"), ("'a'", #""a""#),
        (#"'\0\1\31"\\/\n\r\t'"#, #""\u0000\u0001\u001f\"\\/\n\r\t""#),
        ("'äπ😀'", #""äπ😀""#), ("{}", "{}"), ("json.array({})", "[]"), ("{ json.array {}, {} }", "[[],{}]"),
        ("{ b = 1, a = { 2, 3 }, ['ä'] = false }", #"{"a":[2,3],"b":1,"ä":false}"#), ("json.null", "null"),
        ("{ a = json.null }", #"{"a":null}"#), ("setmetatable({ 1 }, { __index = error, __pairs = error })", "[1]"),
        ("{ ['10'] = 1, ['9'] = 2 }", #"{"10":1,"9":2}"#), ("json.array({ 1, 2 })", "[1,2]"),
    ])
    func `a value is written`(expression: String, text: String) throws {
        #expect(try shown("json.encode(\(expression))") == text)
    }

    @Test(arguments: [
        ("nil", "there is no value: null is written json.null"),
        ("print", "JSON has no function"),
        ("{ items = { 1, { f = print } } }", "items[2].f: JSON has no function"),
        ("{ a = { 0/0 } }", "a[1]: JSON has no number "),
        ("{ 1, 1/0 }", "[2]: JSON has no number inf"),
        (
            "{ items = { 1, 2, { 1, a = 2 } } }",
            "items[3]: a list with the key a: the keys of an array are exactly 1 to n"
        ),
        ("{ 1, nil, 3 }", "a list with nothing at 2: the keys of an array are exactly 1 to n"),
        ("{ [0] = 1 }", "a list with the key 0: the keys of an array are exactly 1 to n"),
        ("{ x = { [1.5] = 1 } }", "x: an object with the key 1.5: the keys of an object are UTF-8 strings"),
        ("{ [true] = 1 }", "an object with the key true: the keys of an object are UTF-8 strings"),
        (#"{ ["\xff"] = 1 }"#, "an object with a key that is not UTF-8: the keys of an object are UTF-8 strings"),
        (#"{ ["a b"] = { "\xff" } }"#, #"["a b"][1]: a string that is not UTF-8"#),
        ("json.array({ a = 1 })", "a list with the key a: the keys of an array are exactly 1 to n"),
        ("coroutine.create(print)", "JSON has no thread"),
    ])
    func `what has no place in JSON is named with its path`(expression: String, message: String) throws {
        let text = try shown("json.encode(\(expression))")
        #expect(text.hasPrefix("test.lua:1: json.encode: \(message)"), "\(text)")
    }

    @Test func `a handle of the host has no place in JSON`() throws {
        let script = try script()
        script.vm.setGlobal("job", .handle(LuaHandle(kind: 1, id: 1, fields: LuaTable())))
        try script.run("show(select(2, pcall(json.encode, { job = job })))")
        #expect(script.shown == ["test.lua:1: json.encode: job: JSON has no handle"])
    }

    @Test func `a table that contains itself is an error, one that is found twice is not`() throws {
        let script = try script()
        try script.run(
            """
            local shared = { 1 }
            show(json.encode { shared, shared, { shared } })
            local t = { items = {} }
            t.items[1] = { back = t.items }
            show(select(2, pcall(json.encode, t)))
            local deep = {}
            for i = 1, 199 do deep = { deep } end
            show(#json.encode(deep))
            show((select(2, pcall(json.encode, { deep })):gsub("^.*: ", "")))
            """)
        #expect(
            script.shown == [
                "[[1],[1],[[1]]]", "test.lua:5: json.encode: items[1].back: the table contains itself", "400",
                "more than 200 tables deep",
            ])
    }

    @Test func `small tables that stand for endless text end in an error`() throws {
        let script = try script(maximumLength: 100_000)
        try script.run(
            """
            local t = { 'leaf' }
            for i = 1, 40 do t = { t, t } end
            show(json.encode(t))
            """)
        let error = try #require(script.error)
        #expect(error.description.hasSuffix(": more than 100000 bytes of text, where a table counts 64"))
        #expect(try shown("json.encode(('x'):rep(10))", maximumLength: 12) == "\"xxxxxxxxxx\"")
        #expect(try shown("json.encode(('x'):rep(11))", maximumLength: 12).contains(": more than 12 bytes of text"))
    }

    @Test(arguments: [
        "json.encode(bomb)", "pcall(json.encode, bomb)", "return json.encode(bomb)",
        "coroutine.wrap(function() json.encode(bomb) end)()", "table.sort({ 2, 1 }, function() json.encode(bomb) end)",
        "tostring(setmetatable({}, { __tostring = function() return json.encode(bomb) end }))",
        "json.decode(text)", "while true do pcall(json.encode, bomb) end",
    ])
    func `a text that takes too long ends at the limit on time`(call: String) throws {
        let script = try Script(limits: LuaLimits(time: .milliseconds(50)))
        try script.vm.openJSON(maximumLength: .max / 64)
        script.vm.setGlobal("text", .string("[" + String(repeating: "[],", count: 2_000_000) + "1]"))
        try script.run("bomb = {} for i = 1, 60 do bomb = { bomb, bomb } end")
        try script.run(call)
        #expect(script.limit == .time, "\(String(describing: script.outcome))")
    }

    @Test func `a host gives it to its scripts`() async throws {
        let host = try LuaHost()
        try await host.openJSON()
        #expect(try await host.run("return json.encode { 1 }").first?.text == "[1]")
    }

    @Test func `pretty text has a line for each element`() throws {
        let text = try shown("json.encode({ a = { 1, { b = {} } }, c = json.array {}, d = 'x' }, { pretty = true })")
        #expect(
            text == """
                {
                  "a": [
                    1,
                    {
                      "b": {}
                    }
                  ],
                  "c": [],
                  "d": "x"
                }
                """)
    }

    // MARK: Decoding

    @Test(arguments: [
        ("9007199254740993", "9007199254740993"), ("99999999999999999999", "1e+20"), ("1.0", "1.0"), ("1e2", "100.0"),
        ("\"\\u00e4\\ud83d\\ude00\"", "ä😀"), ("true", "true"), ("null", "nil"), (" [] ", "table"), ("{}", "table"),
    ])
    func `a text is read`(text: String, expected: String) throws {
        #expect(try shown("json.decode([==[\(text)]==])") == expected)
    }

    @Test(arguments: [
        #"{"a":[1,2.0,{"b":[]}],"c":{},"d":"x"}"#, "[]", "{}", "[[],{}]", "[true,false]", #""""#, "0",
    ])
    func `a text comes back as it was`(text: String) throws {
        #expect(try shown("json.encode(json.decode([==[\(text)]==]))") == text)
    }

    @Test(arguments: [
        ("", "line 1, column 1: the text ends too early"),
        ("{ 'a': 1 }", "line 1, column 3: a name is missing"),
        ("{\n  \"a\": 1,\n  \"ä\" 2\n}", "line 3, column 7: a colon is missing"),
        ("[1, 2", "line 1, column 6: a comma or bracket is missing"),
        ("[nil]", "line 1, column 2: not a JSON value"),
        ("[1] x", "line 1, column 5: text after the value"),
        ("[\"\u{1}\"]", "line 1, column 3: a control character in a string"),
        (String(repeating: "[", count: 201), "line 1, column 201: nested more than 200 deep"),
    ])
    func `what is no JSON is named with line and column`(text: String, message: String) throws {
        let script = try script()
        script.vm.setGlobal("text", .string(text))
        try script.run("show(json.decode(text))")
        #expect(script.error?.description == "test.lua:1: json.decode: \(message)")
    }

    @Test func `members of the same name: the last counts, null too`() throws {
        #expect(try shown(#"json.encode(json.decode('{"a":1,"b":1,"a":2,"b":null}'))"#) == #"{"a":2}"#)
    }

    @Test func `null is absent, or json null when that is asked for`() throws {
        let script = try script()
        var isNull = false
        try script.run(
            """
            local text = '{"a":null,"list":[1,null,3]}'
            local plain = json.decode(text)
            show(plain.a, plain.list[2], plain.list[3])
            local full = json.decode(text, { null = true })
            show(full.a == json.null, full.list[2] == json.null, json.encode(full))
            show(rawequal(full.a, json.null), ({ [json.null] = 'as a key' })[full.a], json.null == nil)
            show(json.decode('null', { null = true }) == json.null, tostring(json.null))
            show(json.decode('null', { null = false }))
            ask(json.null)
            """
        ) { vm, request in
            isNull = request.arguments.first?.isJSONNull ?? false
            vm.resume(request.token, returning: [])
        }
        #expect(
            script.shown == [
                "nil nil 3", "true true {\"a\":null,\"list\":[1,null,3]}", "true as a key false", "true null", "nil",
            ])
        #expect(isNull)
    }

    @Test(arguments: [
        ("json.decode(1)", "json.decode: expected string, got number"),
        ("json.decode()", "json.decode: expected string, got nil"),
        (#"json.decode('["a\n\xff"]'):gsub("", "")"#, "json.decode: line 2, column 1: the text is not UTF-8"),
        ("json.decode('1', true)", "json.decode: expected table of options, got boolean"),
        ("json.decode('1', { nul = true })", "json.decode: the options have the key nul: there is only null"),
        ("json.encode(1, { null = true })", "json.encode: the options have the key null: there is only pretty"),
        ("json.array('x')", "json.array: expected table, got string"),
        ("json.decode('[1, 2, 3, 4]')", "json.decode: the text is longer than 11 bytes"),
    ])
    func `wrong arguments are told`(expression: String, message: String) throws {
        #expect(try shown(expression, maximumLength: 11) == "test.lua:1: \(message)")
    }

    @Test func `the mark of arrays is out of reach of scripts`() throws {
        let script = try script()
        try script.run(
            """
            local list = json.decode('[]')
            show(getmetatable(list), (pcall(setmetatable, list, {})))
            list[1] = 'x'
            show(#list, json.encode(list), json.array(list) == list)
            """)
        #expect(script.shown == ["json.array false", "1 [\"x\"] true"])
    }

    @Test func `it works inside coroutines and while others wait`() throws {
        let script = try script()
        try script.run(
            """
            local wrapped = coroutine.wrap(function()
              local text = ask(json.encode { { deep = { 1 } } })
              coroutine.yield(json.decode(text)[1].deep[1])
            end)
            show(wrapped())
            """)
        #expect(script.shown == ["1"])
    }

    @Test func `references that encoding makes are let go of within the call`() throws {
        let script = try script()
        script.vm.register("number") { call in [.integer(Int64(call.argument(0).tableReference?.number ?? .max))] }
        try script.run(
            """
            local t = {}
            for i = 1, 12 do t = { t, t } end
            json.encode(t)
            show(number({}) < 100)
            """)
        #expect(script.shown == ["true"])
    }
}
