import JSON

/// How a documented list comes in pages, and which of its jobs it can be asked for.
struct Paging {
    private(set) var query: [String: String] = [:]
    private(set) var firstPage = 0
    private(set) var maxPageSize: Int?
    /// Query items that have to be there and are none of ours.
    private(set) var unknown: [String] = []
    /// True if a page can be asked for.
    private(set) var pages = false

    init(_ documented: DocumentedOperation) {
        for parameter in documented.parameters where parameter.place == "query" {
            // An object stands for its properties, as Spring writes its pages.
            if parameter.schema.kind == .object, !parameter.schema.properties.isEmpty {
                for property in parameter.schema.properties {
                    read(property.name, property.schema, property.schema.text, isRequired: false)
                }
            } else {
                read(parameter.name, parameter.schema, parameter.text, isRequired: parameter.isRequired)
            }
        }
    }

    private mutating func read(_ name: String, _ schema: Schema, _ text: String, isRequired: Bool) {
        let words = NameWords.of(name)
        let joined = words.joined()
        let isNumber = schema.kind == .integer || schema.kind == .number || schema.kind == .unknown
        if isNumber, ["page", "pagenumber", "pageindex", "pageno", "p"].contains(joined) {
            query[name] = Placeholder.page.inBraces
            firstPage = Self.firstPage(schema, text + schema.text)
            pages = true
        } else if isNumber, ["offset", "skip", "startindex", "first"].contains(joined) {
            query[name] = Placeholder.offset.inBraces
            pages = true
        } else if isNumber,
            ["pagesize", "size", "limit", "perpage", "count", "max", "take", "top", "maxresult", "pagelimit"].contains(
                joined)
        {
            query[name] = Placeholder.pageSize.inBraces
            maxPageSize = schema.maximum.flatMap { (1...1_000_000).contains($0) ? Int($0) : nil }
        } else if let placeholder = Self.lowerBound(words, schema, text + schema.text) {
            query[name] = placeholder.inBraces
        } else if words.has("label"), words.allSatisfy({ ["workflow", "external", "label"].contains($0) }) {
            query[name] = Placeholder.label.inBraces
        } else if isRequired {
            unknown.append(name)
        }
    }

    private static func firstPage(_ schema: Schema, _ text: String) -> Int {
        if schema.minimum == 1 || schema.defaultValue == .integer(1) { return 1 }
        if schema.minimum == 0 || schema.defaultValue == .integer(0) { return 0 }
        let text = text.lowercased()
        return ["from 1", "1-based", "one-based", "starting at 1", "starts at 1", "first page is 1"].contains(
            where: text.contains)
            ? 1 : 0
    }

    /// A parameter that leaves out what was created before an instant.
    private static func lowerBound(_ words: [String], _ schema: Schema, _ text: String) -> Placeholder? {
        let isBound = words.has("after", "since", "from", "newer", "min", "gte")
        guard isBound, schema.canBeTime,
            !words.has("end", "ended", "finished", "completed", "modified", "updated", "id")
        else { return nil }
        if schema.kind == .string || schema.kind == .unknown { return .createdAfter }
        let text = text.lowercased()
        return text.contains("second") && !text.contains("milli") ? .createdAfterSeconds : .createdAfterMilliseconds
    }

    /// Where a reply tells whether there are more pages.
    static func counters(in schema: Schema?) -> (
        pages: JSONPointer?, total: JSONPointer?, more: JSONPointer?, last: JSONPointer?
    ) {
        // Here the plural matters: `page` is which, `pages` is how many.
        func find(_ kinds: [Schema.Kind], _ names: [String]) -> JSONPointer? {
            FieldFinder.best(in: schema, depth: 2) { field in
                guard kinds.contains(field.schema.kind) || field.schema.kind == .unknown else { return 0 }
                let name = (field.tokens.last ?? "").lowercased().filter { $0.isLetter }
                return names.contains(name) ? 1 : 0
            }?.field.pointer
        }
        let pages = find(
            [.integer, .number], ["pages", "totalpages", "pagecount", "numberofpages", "pagetotal", "totalpagecount"])
        let total = find(
            [.integer, .number], ["total", "totalcount", "totalelements", "totalitems", "totalrecords", "totalresults"])
        let more = find([.boolean], ["hasmore", "hasnext", "more", "hasnextpage", "morepages", "hasmorepages"])
        let last = find([.boolean], ["last", "islast", "lastpage", "islastpage"])
        return (pages, total, more, last)
    }
}
