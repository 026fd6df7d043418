import Escaping
import JSON
import Yams

/// A server's description of itself: OpenAPI 3.0 or 3.1, or Swagger 2.0, in JSON or YAML.
package struct OpenAPIDocument: Sendable {
    /// As the document says, as `3.0.3` or `2.0`.
    package let version: String
    /// The title of the API.
    package let title: String
    /// What precedes every path, without a slash at the end; empty for none.
    package let base: String
    let operations: [DocumentedOperation]
    /// The document's names for ways to authenticate, and what is asked for.
    let securitySchemes: [JSON]
    /// References that lead nowhere.
    package let brokenReferences: [String]
    /// False if parts were left out for the size of the document.
    package let isWhole: Bool

    /// A document is not longer: what is longer is not read.
    package static let longest = 16 << 20
    /// Deeper nesting of brackets is not read: the parser of YAML is recursive.
    private static let deepest = 500

    /// Reads a document.
    ///
    /// - Parameters:
    ///   - bytes: JSON or YAML.
    ///   - path: where the server publishes it: server URLs may be relative to that.
    /// - Throws: ``OpenAPIError`` for a text that is neither, or no such document. What is odd in a document that is one
    ///   is passed over.
    package init(parsing bytes: [UInt8], at path: String = "/") throws(OpenAPIError) {
        let root = try Self.json(bytes)
        guard let version = (root["openapi"] ?? root["swagger"]).flatMap(Self.versionText) else {
            throw OpenAPIError("it has neither \"openapi\" nor \"swagger\" with a version at its top")
        }
        guard version.hasPrefix("3.") || version.hasPrefix("2.") else {
            throw OpenAPIError("its version is \(version); 2.0 and 3.x can be read")
        }
        self.version = version
        title = root["info"]?["title"]?.text ?? ""
        base = Self.base(root, at: path)
        var reader = SchemaReader(root: root)
        operations = Self.operations(root, &reader)
        brokenReferences = reader.broken.sorted()
        isWhole = reader.isWhole
        let schemes = root["components"]?["securitySchemes"] ?? root["securityDefinitions"]
        securitySchemes = schemes?.members?.map(\.value) ?? []
    }

    private static func versionText(_ json: JSON) -> String? {
        switch json {
        case .string(let text): text
        // `swagger: 2.0` in YAML is a number.
        case .number(let number): "\(number)"
        case .integer(let number): "\(number).0"
        default: nil
        }
    }

    // MARK: Text

    private static func json(_ bytes: [UInt8]) throws(OpenAPIError) -> JSON {
        guard bytes.count <= longest else { throw OpenAPIError("it is longer than \(longest >> 20) MB") }
        let text = String(decoding: bytes, as: UTF8.self)
        let first = text.unicodeScalars.first { !$0.properties.isWhitespace && $0 != "\u{FEFF}" }
        switch first {
        case nil: throw OpenAPIError("it is empty")
        case "<": throw OpenAPIError("it is a page and no document")
        case "{":
            do throws(JSONError) {
                return try JSON(parsing: bytes)
            } catch {
                // Braces are YAML as well.
                guard let json = try? yaml(text) else { throw OpenAPIError("it is \(error)") }
                return json
            }
        default: return try yaml(text)
        }
    }

    private static func yaml(_ text: String) throws(OpenAPIError) -> JSON {
        guard isShallow(text) else { throw OpenAPIError("it is nested more than \(deepest) deep") }
        guard !mayHaveEndlessKeys(text) else {
            throw OpenAPIError("it has aliases, and keys that are no texts: a document needs no such keys")
        }
        let node: Node?
        do {
            node = try Yams.compose(yaml: text)
        } catch {
            throw OpenAPIError("it is neither JSON nor YAML")
        }
        guard let node, node.mapping != nil else { throw OpenAPIError("it is no mapping of keys to values") }
        var budget = 1_000_000
        guard let json = JSON(node, depth: 0, &budget) else {
            throw OpenAPIError("it is nested too deeply, or grows too large where it refers to itself")
        }
        return json
    }

    /// Brackets and indentation bound the depth of YAML.
    private static func isShallow(_ text: String) -> Bool {
        var depth = 0
        var indentation = 0
        var isIndenting = true
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "["), UInt8(ascii: "{"):
                depth += 1
                isIndenting = false
            case UInt8(ascii: "]"), UInt8(ascii: "}"):
                depth -= 1
                isIndenting = false
            case UInt8(ascii: "\n"):
                isIndenting = true
                indentation = 0
            // `- - - a` nests without brackets, and so do `? ? ? a`.
            case UInt8(ascii: " "), UInt8(ascii: "-"), UInt8(ascii: "?"), UInt8(ascii: ":"):
                if isIndenting { indentation += 1 }
            default: isIndenting = false
            }
            if depth > deepest || indentation > 2 * deepest { return false }
        }
        return true
    }

    /// So few aliases cannot grow to much.
    private static let mostAliases = 8

    /// The parser of YAML compares keys. One that is a list of aliases of lists of aliases, and so on, has no end.
    ///
    /// - Returns: true for a text that has both aliases and keys that are no texts, or looks as if it had.
    private static func mayHaveEndlessKeys(_ text: String) -> Bool {
        var hasKey = false
        var aliases = 0
        /// The last byte that is no space, and the one before the current byte.
        var (last, before) = (UInt8(ascii: "\n"), UInt8(ascii: "\n"))
        /// True in an alias and in the spaces behind it.
        var isAlias = false
        for byte in text.utf8 {
            let isSpace = byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
            let isFirst = " \t\r\n[]{},".utf8.contains(before)
            switch byte {
            case UInt8(ascii: "?") where isFirst: hasKey = true
            case UInt8(ascii: ":") where isAlias || last == UInt8(ascii: "]") || last == UInt8(ascii: "}"):
                hasKey = true
            default: break
            }
            if byte == UInt8(ascii: "*"), isFirst {
                aliases += 1
                isAlias = true
            } else if byte == UInt8(ascii: "\n") || (!isSpace && before == UInt8(ascii: " ")) {
                isAlias = false
            }
            if !isSpace { last = byte }
            before = byte
            if hasKey, aliases > mostAliases { return true }
        }
        return false
    }

    // MARK: Where

    private static func base(_ root: JSON, at path: String) -> String {
        if let server = root["servers"]?.elements?.first, let template = server["url"]?.text {
            return DocumentPath.path(of: filled(template, server["variables"]), relativeTo: path)
        }
        return DocumentPath.path(of: root["basePath"]?.text ?? "", relativeTo: "/")
    }

    /// A template with the defaults of its variables, which are no templates; one that is longer than URLs are stays as
    /// it is.
    private static func filled(_ template: String, _ variables: JSON?) -> String {
        guard template.utf8.count <= 2_000 else { return template }
        let parts = template.split(separator: "{", omittingEmptySubsequences: false)
        return parts.dropFirst().reduce(String(parts[0])) { url, part in
            guard let end = part.firstIndex(of: "}"), let variable = variables?[String(part[..<end])] else {
                return url + "{" + part
            }
            return url + (variable["default"]?.text ?? "").prefix(200) + part[part.index(after: end)...]
        }
    }

    private static func operations(_ root: JSON, _ reader: inout SchemaReader) -> [DocumentedOperation] {
        var operations: [DocumentedOperation] = []
        for entry in root["paths"]?.members ?? [] where entry.name.hasPrefix("/") && reader.isWhole {
            let item = reader.resolved(entry.value)
            for method in ["get", "post", "put", "patch", "delete"] {
                guard let operation = item.members?.first(where: { $0.name.lowercased() == method })?.value else {
                    continue
                }
                operations.append(
                    DocumentedOperation(
                        method: method.uppercased(), path: entry.name, reader.resolved(operation), of: item, &reader))
            }
        }
        return operations
    }
}

extension JSON {
    /// A YAML node as JSON. Keys become texts, also those that are numbers.
    ///
    /// - Returns: `nil` if it is too deep, or has more parts than the budget allows.
    fileprivate init?(_ node: Node, depth: Int, _ budget: inout Int) {
        budget -= 1
        guard budget > 0, depth < 200 else { return nil }
        switch node {
        case .scalar(let scalar): self = JSON(scalar)
        case .mapping(let mapping):
            var members: [JSONMember] = []
            for (key, value) in mapping {
                guard let json = JSON(value, depth: depth + 1, &budget) else { return nil }
                if let name = key.scalar?.string { members.append(JSONMember(name: name, value: json)) }
            }
            self = .object(members)
        case .sequence(let sequence):
            var elements: [JSON] = []
            for element in sequence {
                guard let json = JSON(element, depth: depth + 1, &budget) else { return nil }
                elements.append(json)
            }
            self = .array(elements)
        case .alias: return nil
        }
    }

    /// The core schema of YAML 1.2 as far as a document needs it.
    private init(_ scalar: Node.Scalar) {
        guard scalar.style == .plain || scalar.style == .any else {
            self = .string(scalar.string)
            return
        }
        switch scalar.string {
        case "", "~", "null", "Null", "NULL": self = .null
        case "true", "True", "TRUE": self = .boolean(true)
        case "false", "False", "FALSE": self = .boolean(false)
        case let text:
            if let number = Int64(text) {
                self = .integer(number)
            } else if text.first.map({ $0.isNumber || $0 == "-" || $0 == "." }) == true, let number = Double(text),
                number.isFinite
            {
                self = .number(number)
            } else {
                self = .string(text)
            }
        }
    }
}
