import JSON

/// How much a schema looks like a job, and where its fields lie.
struct JobForm {
    let id: JSONPointer?
    let state: Schema.Field?
    /// From 0 to about 9.
    let likeness: Double
    let reasons: [String]
    let schema: Schema

    init(_ schema: Schema) {
        self.schema = schema
        var evidence = Evidence()
        let id = FieldFinder.id(in: schema)
        let state = FieldFinder.state(in: schema)
        self.id = id?.field.pointer
        self.state = state?.field
        evidence.add(1.5, if: id != nil, "an id")
        if let state {
            let fitness = StateWords.fitness(state.field.schema.states)
            evidence.add(1 + 3 * fitness, fitness > 0.5 ? "a state with the words of jobs" : "a state")
        }
        evidence.add(0.7, if: FieldFinder.time(in: schema, JobForm.starts) != nil, "a start")
        evidence.add(0.7, if: FieldFinder.time(in: schema, JobForm.ends) != nil, "an end")
        evidence.add(1, if: FieldFinder.label(in: schema, of: "workflow") != nil, "a workflow")
        let nameWords = schema.name.map(NameWords.of) ?? []
        evidence.add(1, if: nameWords.contains { FieldFinder.jobNouns.contains($0) }, "called \(schema.name ?? "")")
        evidence.add(-4, if: nameWords.has("dataset", "schedule", "user", "space", "upload", "step", "log"), "")
        likeness = id == nil || state == nil ? min(evidence.score, 2) : evidence.score
        reasons = evidence.reasons
    }

    static let creations = [
        "created", "create", "creation", "submitted", "submission", "queued", "enqueued", "requested",
    ]
    static let starts = ["started", "start", "begin", "began", "begun"]
    static let ends = ["ended", "end", "finished", "finish", "completed", "completion", "stopped"]

    /// The job in a reply, which may be wrapped.
    static func inReply(_ schema: Schema?) -> (form: JobForm, pointer: JSONPointer)? {
        guard let schema else { return nil }
        var best = (form: JobForm(schema), pointer: JSONPointer(tokens: []))
        for property in schema.properties where property.schema.kind == .object {
            let form = JobForm(property.schema)
            // Its own fields are nearer than those of what wraps it.
            if form.likeness + 0.5 > best.form.likeness, form.id != nil, form.state != nil,
                NameWords.of(property.name).contains(where: { (wrappers + FieldFinder.jobNouns).contains($0) })
            {
                best = (form, JSONPointer(tokens: [property.name]))
            }
        }
        return best.form.likeness > 0 ? best : nil
    }

    private static let wrappers = ["data", "result", "item", "value", "payload", "response", "content"]

    var fields: APIDescription.JobFields {
        var fields = APIDescription.JobFields()
        if let id { fields.id = id }
        if let state { fields.state = state.pointer }
        fields.label = FieldFinder.label(in: schema, of: "workflow")?.field.pointer
        fields.created = FieldFinder.time(in: schema, Self.creations)
        fields.started = FieldFinder.time(in: schema, Self.starts)
        fields.finished = FieldFinder.time(in: schema, Self.ends)
        fields.message = FieldFinder.message(in: schema, ofError: false)
        fields.user = FieldFinder.user(in: schema)
        fields.space = FieldFinder.label(in: schema, of: "space", named: true)?.field.pointer
        fields.parameters = FieldFinder.parameters(in: schema)
        return fields
    }
}
