import LuaVM
import Testing

/// Faults of Lua before 5.4.8 that ordinary scripts meet: none of them is there. Where a build has to take an older Lua,
/// they are known, and those that end the process are not tried.
@Suite struct LuaFaultTests {
    private static let isSound = !LuaVM.luaHasFaults

    private func run(_ script: String, memory: Int? = nil) throws -> String {
        let vm = try LuaVM(limits: LuaLimits(time: .seconds(20), memory: memory))
        var text = ""
        vm.output = { text += $0 }
        vm.spawn(try vm.load(script, name: "fault.lua"))
        guard case .ended(_, let outcome)? = vm.next() else { return "no end" }
        if case .returned = outcome { return text }
        return "\(outcome)"
    }

    /// https://github.com/lua/lua/commit/603b2c64: Debian's 5.4.4 calls what is not a function, or crashes.
    @Test(.enabled(if: isSound)) func `the stack may grow while a concatenation calls a metamethod`() throws {
        let script = """
            local function deep(n) if n == 0 then return 0 end return 1 + deep(n - 1) end
            local object = setmetatable({}, { __concat = function() deep(200) return 'x' end })
            for _ = 1, 100 do
              local function f(n)
                if n == 0 then return object .. 'a' .. 'b' .. object end
                local a, b, c, d, e, g, h = 1, 2, 3, 4, 5, 6, 7
                return (f(n - 1))
              end
              for n = 1, 40 do assert(f(n) == 'x') end
            end
            print 'good'
            """
        #expect(try run(script) == "good")
    }

    /// https://github.com/lua/lua/commit/983bc433
    @Test(.enabled(if: isSound)) func `an allocation may fail inside an assignment`() throws {
        let script = """
            for round = 1, 200 do
              pcall(function()
                local t = {}
                for i = 1, 1e6 do t[i * round], t[-i] = { i, { tostring(i) } }, { i } end
              end)
            end
            print 'good'
            """
        #expect(try run(script, memory: 2 << 20) == "good")
    }

    @Test(.enabled(if: isSound)) func `a metatable may become one of weak tables later`() throws {
        let script = """
            local meta = {}
            local list = {}
            for i = 1, 200 do list[i] = setmetatable({}, meta) end
            meta.__mode = 'v'
            for round = 1, 50 do
              for i = 1, 200 do list[i][round] = { i } list[i][-round] = tostring(i * round) end
              collectgarbage()
            end
            print 'good'
            """
        #expect(try run(script) == "good")
    }

    /// https://github.com/lua/lua/commit/c764ca71, with more constants than an operand can name.
    @Test(.enabled(if: isSound)) func `bitwise operations on a choice, in a function with many constants`() throws {
        let many = (0..<300).map { "local _ = \($0).5" }.reduce(into: [String]()) { blocks, line in
            blocks.append("do \(line) end")
        }
        let script = many.joined(separator: " ") + " local a = 7 print(a & (2 or 3), a | (8 or 9), a ~ (1 or 2))"
        #expect(try run(script) == "2\t15\t6")
    }

    /// https://github.com/lua/lua/commit/782ef85b
    @Test(.enabled(if: isSound)) func `the result of a comparison may be an index`() throws {
        let script = """
            local t = { [true] = 'yes', [false] = 'no' }
            local a, b = 1, 2
            local function upvalue() return t[a < b], t[a > b], t[not a] end
            print(upvalue())
            print(t[a == b], t[(a < b)])
            """
        #expect(try run(script) == "yes\tno\tnono\tyes")
    }

    /// https://github.com/lua/lua/commit/997f11f5
    @Test(.enabled(if: isSound)) func `a loop with a closing value may be left early`() throws {
        let script = """
            local log = {}
            local function each()
              local closing = setmetatable({}, { __close = function() log[#log + 1] = 'closed' end })
              return function(_, i) return i < 3 and i + 1 or nil end, nil, 0, closing
            end
            for i in each() do
              local x <const> = i
              local f = function() return x end
              if i == 2 then goto continue end
              if f() == 3 then break end
              ::continue::
            end
            for i in each() do if i == 1 then break end end
            print(table.concat(log, ' '))
            """
        #expect(try run(script) == "closed closed")
    }

    @Test(arguments: [
        "a.", "a:b().", "a[b].", "f().", "not ", "- ", "a..", "a and ", "a^", "{", "(", "f(", "a[", "a,", "if a then ",
        "while a do ", "repeat ", "function f() ", "local function f() return ", "do ", "f = function() return ",
    ])
    func `a chain of any length is read, or refused by an error`(link: String) throws {
        // What is read in quadratic time takes a shorter one.
        let length = link == "a." ? 120_000 : 20_000
        let script =
            "print(type(load('return ' .. string.rep([[\(link)]], \(length)) .. 'b')), type(load(string.rep([[\(link)]], \(length)))))"
        let words = try run(script).split(separator: "\\t").joined()
        #expect(words.contains("function") || words.contains("nil"), "\(words)")
    }
}
