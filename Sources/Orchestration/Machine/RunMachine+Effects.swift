import DataStudio
import Escaping
import LuaVM

/// What scripts do outside of Data Studio: tell people, and talk to other servers.
extension RunMachine {
    /// `notify(text)` or `notify { title =, text =, level =, to = }`: told again until it has been told once.
    func notify(_ request: LuaRequest, _ caller: NodeID) throws(ArgumentError) {
        var notice = Notice(text: "")
        if let text = request.argument(0).text {
            notice.text = text
        } else {
            for (name, value) in try fields(request.argument(0)) {
                switch name {
                case "title": notice.title = try text(value, name)
                case "text": notice.text = try text(value, name)
                case "level":
                    guard let level = value.text.flatMap({ LogLevel(rawValue: $0) }) else {
                        let levels = LogLevel.allCases.map(\.rawValue).joined(separator: ", ")
                        throw ArgumentError("level is one of \(levels); got \(value.article)")
                    }
                    notice.level = level
                case "to":
                    try ValueType.targets.check(value, as: name, vm)
                    notice.targets = ValueType.targets(value, vm)
                default: throw ArgumentError.unknownOption(name, among: ["title", "text", "level", "to"])
                }
            }
        }
        guard !notice.text.isEmpty else { throw ArgumentError("a text was expected") }
        report(.log(level: notice.level, notice.title.map { "\($0): \(notice.text)" } ?? notice.text))
        ask(
            .call(request.token, request.location, .notify), key: nextKey("notify", in: caller), server: nil,
            .notify(notice))
    }

    /// `http.get(url [, options])`, `http.post(url, options)` and `http.request { url =, method =, headers =, body = }`.
    func http(_ function: WaitingFunction, _ request: LuaRequest, _ caller: NodeID) throws(ArgumentError) {
        var call = HTTPCall(method: function == .httpPost ? "POST" : "GET", url: "")
        var known = ["headers", "body"]
        var options = request.argument(0)
        if function == .httpRequest {
            known += ["url", "method"]
        } else {
            call.url = try text(request.argument(0), "the address")
            options = request.argument(1)
        }
        for (name, value) in options.isNil ? [] : try fields(options) {
            guard known.contains(name) else { throw ArgumentError.unknownOption(name, among: known) }
            switch name {
            case "url": call.url = try text(value, name)
            case "method":
                call.method = try text(value, name).uppercased()
                guard call.method.utf8.allSatisfy({ (65...90).contains($0) }), !call.method.isEmpty else {
                    throw ArgumentError("a method is a word such as PUT; got \"\(call.method)\"")
                }
            case "body": call.body = try text(value, name)
            default:
                for (name, value) in try fields(value) {
                    let text = try self.text(value, name)
                    guard name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ":") }), !name.isEmpty
                    else {
                        throw ArgumentError("\"\(name)\" cannot be a header's name")
                    }
                    guard text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
                        throw ArgumentError("the header \(name) has a line break or another control character")
                    }
                    call.headers[name] = text
                }
            }
        }
        guard call.url.hasPrefix("http://") || call.url.hasPrefix("https://") else {
            throw ArgumentError("an address such as https://example.com was expected; got \"\(call.url)\"")
        }
        guard configuration.beginning.secrets.allSatisfy({ !call.url.contains(configuration.beginning.mask(of: $0)) })
        else { throw ArgumentError("a secret cannot stand in an address, which servers log: put it into a header") }
        ask(
            .call(request.token, request.location, function), key: nextKey(function.rawValue, in: caller),
            server: nil, .http(call))
    }

    /// `file.stat(path)`: only below the folders that the configuration allows.
    func stat(_ request: LuaRequest, _ caller: NodeID) throws(ArgumentError) {
        let path = try text(request.argument(0), "the path")
        guard path.hasPrefix("/") else { throw ArgumentError("a path from the root on was expected; got \"\(path)\"") }
        guard !path.contains(where: { "*?".contains($0) }) else {
            throw ArgumentError("\"\(path)\" holds a wildcard: file.list finds the files that match")
        }
        ask(
            .call(request.token, request.location, .fileStat), key: nextKey("file.stat", in: caller), server: nil,
            .file(path: path))
    }

    /// `file.list(pattern)`: only below the folders that the configuration allows.
    func listFiles(_ request: LuaRequest, _ caller: NodeID) throws(ArgumentError) {
        let pattern = try text(request.argument(0), "the pattern")
        do throws(PathPatternError) { _ = try PathPattern(pattern) } catch { throw ArgumentError(error.message) }
        var limit = Self.usualFiles
        for (name, value) in request.argument(1).isNil ? [] : try fields(request.argument(1)) {
            guard let option = LibraryOption.files.first(where: { $0.name == name }) else {
                throw .unknownOption(name, among: LibraryOption.files.map(\.name))
            }
            try option.check(value, vm)
            limit = Int(value.integer ?? Int64(limit))
        }
        ask(
            .call(request.token, request.location, .fileList), key: nextKey("file.list", in: caller), server: nil,
            .files(pattern: pattern, limit: limit))
    }

    /// How many files `file.list` finds at most, unless its `limit` says otherwise.
    private static let usualFiles = 1000

    func fields(_ value: LuaValue) throws(ArgumentError) -> [(String, LuaValue)] {
        guard let table = value.tableReference else {
            throw ArgumentError("a table was expected; got \(value.article)")
        }
        var fields: [(String, LuaValue)] = []
        for (key, value) in vm.entries(of: table).entries {
            fields.append((try key.optionName(), value))
        }
        return fields
    }

    private func text(_ value: LuaValue, _ name: String) throws(ArgumentError) -> String {
        guard let text = value.text else { throw ArgumentError("\(name): a text was expected; got \(value.article)") }
        return text
    }
}

extension HTTPReply {
    var luaValue: LuaValue {
        let fields = headers.sorted { $0.key < $1.key }.map { (LuaValue.string($0.key), LuaValue.string($0.value)) }
        return .table(
            LuaTable(fields: [
                "status": .integer(Int64(status)), "headers": .table(LuaTable(entries: fields)), "body": .string(body),
            ]))
    }
}

extension FileStatus {
    var luaValue: LuaValue {
        .table(LuaTable(fields: ["size": .integer(size), "modified": .integer(modified.seconds)]))
    }
}

extension FoundFile {
    var luaValue: LuaValue {
        .table(
            LuaTable(fields: [
                "path": .string(path), "name": .string(path.lastName),
                "size": .integer(status.size), "modified": .integer(status.modified.seconds),
            ]))
    }
}
