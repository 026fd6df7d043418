import JSON

/// Finds the fields of objects by their names and types.
enum FieldFinder {
    /// The field with the most points; of equal ones the outermost and first.
    static func best(
        in schema: Schema?, depth: Int = 3, _ points: (Schema.Field) -> Double
    ) -> (field: Schema.Field, score: Double)? {
        var best: (field: Schema.Field, score: Double)?
        for field in schema?.fields(depth: depth) ?? [] {
            // What lies deeper is less likely meant.
            let score = points(field) - 0.3 * Double(field.tokens.count - 1)
            if score > 0, score > best?.score ?? 0 { best = (field, score) }
        }
        return best
    }

    private static let foreign = [
        "workflow", "dataset", "user", "space", "parent", "schedule", "environment", "project",
        "tenant", "correlation", "request", "trace", "source", "owner", "step", "previous", "batch", "api", "key",
    ]
    static let jobNouns = ["job", "execution", "run", "task", "instance", "activity"]

    /// The id of a job, in a job or in the reply to a start.
    static func id(in schema: Schema?) -> (field: Schema.Field, score: Double)? {
        best(in: schema) { field in
            let words = field.ownWords
            guard field.schema.isScalar || field.schema.kind == .unknown, field.schema.words.isEmpty else { return 0 }
            guard let last = words.last, ["id", "uuid", "guid", "identifier"].contains(last) else { return 0 }
            if words.contains(where: { foreign.contains($0) }), !words.has("job", "execution", "run", "task") {
                return 0
            }
            // `workflowRunId` is a run's, `workflow.id` a workflow's.
            if let parent = field.tokens.dropLast().last.map(NameWords.of), parent.contains(where: foreign.contains),
                !parent.contains(where: jobNouns.contains)
            {
                return 0
            }
            if words.contains(where: { jobNouns.contains($0) }) { return 4 }
            return words.count == 1 ? 3 : 1.5
        }
    }

    /// The state of a job: its words matter more than its name.
    static func state(in schema: Schema?) -> (field: Schema.Field, score: Double)? {
        best(in: schema) { field in
            let words = field.words
            guard field.schema.kind == .string || field.schema.kind == .unknown else { return 0 }
            let own = field.ownWords
            let isNamed =
                own.has("state", "status", "phase", "outcome", "result")
                || (own.has("code", "name", "value") && words.has("state", "status"))
            guard isNamed else { return 0 }
            var points = own.has("state", "status") || words.has("state", "status") ? 2.0 : 0.5
            points += 4 * StateWords.fitness(field.schema.states)
            // Texts that cannot be listed are prose.
            if !field.schema.words.isEmpty, StateWords.fitness(field.schema.states) == 0 { return 0 }
            if own.has("message", "url", "description", "detail") { return 0 }
            if words.contains(where: { notYet.contains($0) || notThis.contains($0) }) { return 0 }
            return points
        }
    }

    /// The external label of what an object is about.
    ///
    /// - Parameters:
    ///   - of: what it is about, as `workflow`; other things' labels do not count.
    ///   - named: only a field that names it counts, as in an object that is about something else.
    static func label(
        in schema: Schema?, of noun: String, depth: Int = 3, named: Bool = false
    ) -> (field: Schema.Field, score: Double)? {
        let others = ["space", "dataset", "environment", "user", "schedule", "workflow", "step", "source", "project"]
            .filter { $0 != noun }
        return best(in: schema, depth: depth) { field in
            guard field.schema.kind == .string || field.schema.kind == .unknown, field.schema.words.isEmpty else {
                return 0
            }
            let words = field.words
            if words.contains(where: { others.contains($0) }) { return 0 }
            if field.schema.format == "uuid" || field.schema.format == "date-time" || words.last == "id" { return 0 }
            let isOwn = words.contains(noun)
            if named, !isOwn { return 0 }
            if words.has("label") { return 3 + (words.has("external") ? 1.5 : 0) + (isOwn ? 1 : 0) }
            if field.ownWords == [noun] { return 2.2 }
            if isOwn, words.last == "name" { return 1.2 }
            if isOwn, words.last == "key" || words.last == "code" { return 1.5 }
            return 0
        }
    }

    /// What is not so yet.
    private static let notYet = [
        "next", "target", "desired", "expected", "estimated", "planned", "scheduled", "predicted", "due", "deadline",
        "earliest", "max", "min",
    ]
    /// What was so before, or is of something else.
    private static let notThis = ["previous", "last", "prior", "old", "initial", "parent", "latest"]

    /// When something happened.
    static func time(in schema: Schema?, _ verbs: [String]) -> JSONPointer? {
        best(in: schema) { field in
            guard field.schema.canBeTime else { return 0 }
            let words = field.ownWords
            guard words.contains(where: { verbs.contains($0) }), !field.words.contains(where: { notYet.contains($0) })
            else { return 0 }
            if words.has(
                "by", "user", "id", "message", "count", "reason", "state", "status", "duration", "label", "name")
            {
                return 0
            }
            var points = 1.0
            if field.schema.format == "date-time" { points += 2 }
            if words.has("time", "at", "date", "on", "timestamp", "instant") { points += 1.5 }
            if field.words.has("time", "timing", "timestamp") { points += 0.5 }
            if field.schema.kind == .integer || field.schema.kind == .number { points += 0.5 }
            return points
        }?.field.pointer
    }

    /// What the server says in words.
    static func message(in schema: Schema?, ofError isError: Bool) -> JSONPointer? {
        best(in: schema) { field in
            guard field.schema.kind == .string || field.schema.kind == .unknown, field.schema.words.isEmpty,
                field.schema.format == nil
            else { return 0 }
            let words = field.ownWords
            let inError = field.words.has("error", "failure", "problem", "fault")
            if words.has("message") { return 4 + (inError ? 0.5 : 0) - (words.has("developer", "technical") ? 2 : 0) }
            if words.has("detail", "details") { return isError || inError ? 3.2 : 1.5 }
            if words.has("reason") { return 2.8 }
            if words.has("error"), words.count == 1 || words.has("text", "description") { return 2.5 }
            if words.has("description"), inError { return 2.5 }
            if isError, words.has("title") { return 1 }
            return 0
        }?.field.pointer
    }

    /// Who did it.
    static func user(in schema: Schema?) -> JSONPointer? {
        best(in: schema) { field in
            guard field.schema.kind == .string || field.schema.kind == .unknown else { return 0 }
            let words = field.ownWords
            let all = field.words
            if words.has("id", "label", "email", "uuid") {
                return words.has("email") && all.has("user", "owner") ? 0.8 : 0
            }
            if words.has("by") {
                return words.has("started", "created", "submitted", "executed", "requested", "run") ? 3 : 1
            }
            if words == ["user"] || words == ["username"] || words == ["user", "name"] { return 3 }
            if all.has("user", "owner"), words.has("name", "login", "username", "user", "owner") { return 2.5 }
            return 0
        }?.field.pointer
    }

    /// An object of names and values.
    static func parameters(in schema: Schema?) -> JSONPointer? {
        best(in: schema) { field in
            guard field.schema.kind == .object || field.schema.kind == .unknown else { return 0 }
            let words = field.ownWords
            return words.has("parameter", "param", "param", "variable", "argument") ? 3 : 0
        }?.field.pointer
    }

    /// Where a list lies in a reply: nowhere in particular for a bare one.
    static func list(in schema: Schema?) -> (pointer: JSONPointer, items: Schema)? {
        guard let schema else { return nil }
        if schema.kind == .array { return schema.items.first.map { (JSONPointer(tokens: []), $0) } }
        let found = best(in: schema, depth: 2) { field in
            guard field.schema.kind == .array, let items = field.schema.items.first, items.kind != .string,
                !field.ownWords.has("link", "error", "warning", "sort", "include", "message")
            else { return 0 }
            let usual = ["item", "content", "data", "result", "value", "element", "record", "entry", "list", "row"]
            return 2 + (field.ownWords.contains { usual.contains($0) } ? 1 : 0) + (items.properties.isEmpty ? 0 : 1)
        }
        return found.flatMap { found in found.field.schema.items.first.map { (found.field.pointer, $0) } }
    }
}
