import JSON

/// Tells which of a document's operations are ours: by their paths, ids, summaries and tags, and by what they are sent
/// and answer.
struct APIRecogniser {
    let document: OpenAPIDocument
    /// What the best start calls the job it makes: found once, as every operation is compared with it.
    private var startNouns: [String] = []
    /// The path of the best operation for a job; likewise.
    private var jobPath: String?

    init(document: OpenAPIDocument) {
        self.document = document
        startNouns = Self.nouns(ofStart: candidates(for: .executeWorkflow).first)
        jobPath = candidates(for: .getJob).first?.documented.path
    }

    /// The candidates for an operation, the best first. What is hardly one is left out.
    func candidates(for operation: Operation) -> [OperationCandidate] {
        document.operations.compactMap { documented in
            var evidence = Evidence()
            guard weigh(documented, as: operation, &evidence), evidence.score >= 4 else { return nil }
            let score = evidence.score - (documented.isDeprecated ? 3 : 0)
            return OperationCandidate(documented: documented, score: score, reasons: evidence.reasons)
        }.sorted { $0.score > $1.score }
    }

    /// - Returns: false if it cannot be that at all.
    private func weigh(_ documented: DocumentedOperation, as operation: Operation, _ evidence: inout Evidence) -> Bool {
        guard !operation.isHarmless || Self.onlyLooks(documented) else { return false }
        return switch operation {
        case .executeWorkflow: weighStart(documented, &evidence)
        case .getJob: weighJob(documented, &evidence)
        case .listJobs: weighJobList(documented, &evidence)
        case .cancelJob: weighCancel(documented, &evidence)
        case .listWorkflows: weighList(documented, of: "workflow", &evidence)
        case .listSpaces: weighList(documented, of: "space", &evidence)
        case .getDataset: weighDataset(documented, &evidence)
        case .refreshDataset:
            weighAction(documented, on: "dataset", ["refresh", "reload", "load", "sync", "synchronise"], &evidence)
        case .executeSchedule:
            weighAction(
                documented, on: "schedule", ["execute", "run", "trigger", "start", "execution", "fire"], &evidence)
        case .keyInformation: weighKey(documented, &evidence)
        }
    }

    private static let starting = ["execute", "run", "start", "launch", "trigger", "execution", "invoke", "submit"]
    private static let otherVerbs = [
        "cancel", "abort", "stop", "kill", "terminate", "validate", "batch", "bulk", "search", "query", "import",
        "export",
        "publish", "copy", "clone", "retry", "rerun", "restart", "delete", "archive", "preview", "test", "schedule",
        "restore", "purge", "share", "dry", "upload", "simulate", "simulation", "estimate", "explain", "check", "plan",
        "debug",
        "trial", "template", "rehearse", "sandbox",
    ]
    /// What a request does that only looks: none of these.
    private static let changing = [
        "rotate", "regenerate", "renew", "revoke", "reset", "delete", "remove", "create", "purge", "clear", "cancel",
        "issue",
        "generate", "invalidate", "expire", "archive", "restart", "retry", "execute", "trigger",
    ]

    /// False for a GET that, by its own words, does more than look.
    private static func onlyLooks(_ documented: DocumentedOperation) -> Bool {
        let verb = documented.summaryWords.first ?? ""
        return !documented.pathWords.contains(where: changing.contains)
            && !documented.idWords.contains(where: changing.contains) && !changing.contains(verb)
    }

    // MARK: Jobs

    private func weighStart(_ documented: DocumentedOperation, _ evidence: inout Evidence) -> Bool {
        guard ["POST", "PUT"].contains(documented.method) else { return false }
        let segments = documented.pathWords
        let words = segments + documented.idWords
        if segments.contains(where: Self.otherVerbs.contains)
            || documented.idWords.contains(where: Self.otherVerbs.contains)
        {
            return false
        }
        if segments.has("dataset", "user", "upload", "file", "connection") { return false }
        if documented.body?.kind == .array { return false }
        let body = FieldFinder.label(in: documented.body, of: "workflow", depth: 2)
        let parameters = documented.pathParameters
        let labelInPath = parameters.count == 1 && Self.isWorkflowParameter(documented)
        guard parameters.isEmpty || labelInPath else { return false }
        evidence.add(3, if: labelInPath, "the workflow in its path")
        evidence.add(min(body?.score ?? 0, 4.5) * 0.7, if: !labelInPath, "a workflow's label in its body")
        let bodyWords = (documented.body?.properties ?? []).flatMap(\.words)
        evidence.add(1, if: bodyWords.has("parameter", "param"), "parameters in its body")
        evidence.add(0.5, if: bodyWords.has("source"), "sources in its body")
        evidence.add(1, if: bodyWords.has("version") || bodyWords.has("refresh"), "versions or refreshing in its body")
        evidence.add(2, if: words.contains(where: Self.starting.contains), "its name says so")
        evidence.add(1, if: words.has("workflow"), "it is about workflows")
        evidence.add(1, if: documented.lastWords.contains { FieldFinder.jobNouns.contains($0) }, "it makes a job")
        let told = documented.summaryWords
        evidence.add(
            1.5, if: told.has("workflow") && told.contains(where: Self.starting.contains), "its summary says so")
        let reply = documented.reply
        let answersWithID = reply?.isScalar == true || FieldFinder.id(in: reply) != nil
        evidence.add(1, if: answersWithID, "it answers with an id")
        // Creating a workflow looks much the same, but for this.
        evidence.add(
            -3, if: !words.contains(where: Self.starting.contains) && documented.lastWords.last == "workflow", "")
        return true
    }

    /// A path parameter that names a workflow.
    private static func isWorkflowParameter(_ documented: DocumentedOperation) -> Bool {
        guard let name = documented.pathParameters.first else { return false }
        let words = NameWords.of(name)
        let schema = documented.parameters.first { $0.name == name && $0.place == "path" }?.schema
        guard schema?.kind != .integer, schema?.format != "uuid", words.last != "id" else { return false }
        return documented.pathWords.first { $0 == "workflow" } != nil && (words.has("label", "workflow", "name"))
    }

    /// The words for a job in the id that a start answers with: `executionId` goes with `/executions`.
    private static func nouns(ofStart start: OperationCandidate?) -> [String] {
        guard let reply = start?.documented.reply, let id = FieldFinder.id(in: reply) else { return [] }
        return (id.field.words + (reply.name.map(NameWords.of) ?? [])).filter { FieldFinder.jobNouns.contains($0) }
    }

    /// What an operation that answers with jobs is called.
    ///
    /// - Returns: true if it is called after jobs.
    private func weighName(_ documented: DocumentedOperation, _ evidence: inout Evidence) -> Bool {
        let noun = documented.lastWords.contains { FieldFinder.jobNouns.contains($0) }
        evidence.add(2, if: noun, "it is about jobs")
        evidence.add(2, if: documented.lastWords.contains { startNouns.contains($0) }, "a start's reply names it")
        evidence.add(-4, if: documented.lastWords.has("import", "export", "upload", "batch", "child", "archived"), "")
        evidence.add(0.5, if: documented.tagWords.contains { FieldFinder.jobNouns.contains($0) }, "its tag says so")
        return noun
    }

    private func weighJob(_ documented: DocumentedOperation, _ evidence: inout Evidence) -> Bool {
        guard documented.method == "GET", documented.pathParameters.count == 1, documented.path.hasSuffix("}"),
            let (form, _) = JobForm.inReply(documented.reply), form.id != nil, form.state != nil
        else { return false }
        evidence.add(form.likeness, "its reply has \(form.reasons.joined(separator: ", "))")
        let noun = weighName(documented, &evidence)
        evidence.add(
            -5, if: documented.pathWords.has("dataset", "schedule", "user", "space", "upload", "workflow") && !noun, "")
        return true
    }

    private func weighJobList(_ documented: DocumentedOperation, _ evidence: inout Evidence) -> Bool {
        guard documented.method == "GET", documented.pathParameters.isEmpty,
            let (_, items) = FieldFinder.list(in: documented.reply)
        else { return false }
        let form = JobForm(items)
        guard form.id != nil, form.state != nil else { return false }
        evidence.add(form.likeness, "its entries have \(form.reasons.joined(separator: ", "))")
        let noun = weighName(documented, &evidence)
        evidence.add(
            -2,
            if: documented.pathWords.has(
                "latest", "recent", "active", "failed", "running", "archive", "mine", "summary", "statistic", "history"),
            "")
        evidence.add(
            -5, if: documented.pathWords.has("dataset", "schedule", "user", "upload", "batch", "audit") && !noun, "")
        evidence.add(0.5, if: Paging(documented).pages, "it comes in pages")
        return true
    }

    private func weighCancel(_ documented: DocumentedOperation, _ evidence: inout Evidence) -> Bool {
        guard documented.method != "GET", documented.pathParameters.count == 1,
            !documented.pathWords.has("schedule", "all", "batch", "bulk", "request")
        else { return false }
        let cancelling = ["cancel", "abort", "kill", "stop", "terminate", "interrupt", "cancellation"]
        let words = documented.pathWords + documented.idWords
        let told = documented.summaryWords
        guard words.contains(where: cancelling.contains) || told.contains(where: cancelling.contains) else {
            return false
        }
        guard documented.pathWords.contains(where: FieldFinder.jobNouns.contains) else { return false }
        evidence.add(3, if: documented.pathWords.contains(where: cancelling.contains), "its path says so")
        evidence.add(1, if: documented.idWords.contains(where: cancelling.contains), "its id says so")
        evidence.add(2, if: told.contains(where: cancelling.contains), "its summary says so")
        evidence.add(2, "it is about a job")
        evidence.add(
            -2, if: documented.idWords.has("delete", "remove", "purge") || told.has("delete", "remove", "purge"), "")
        if let jobPath {
            evidence.add(2, if: documented.path.hasPrefix(jobPath), "it lies below the job")
        }
        return true
    }

    // MARK: The rest

    private func weighList(
        _ documented: DocumentedOperation, of noun: String, _ evidence: inout Evidence
    ) -> Bool {
        guard documented.method == "GET", documented.pathParameters.isEmpty,
            let (_, items) = FieldFinder.list(in: documented.reply), documented.lastWords.last == noun,
            !documented.pathWords.contains(where: Self.otherVerbs.contains)
        else { return false }
        evidence.add(4, "its path says so")
        let label = Self.ownLabel(in: items, of: noun)
        evidence.add(3, if: label?.words.has("label") == true, "its entries have labels")
        evidence.add(1, if: items.name.map(NameWords.of)?.contains(noun) == true, "called \(items.name ?? "")")
        evidence.add(1, if: documented.tagWords.has(noun) || documented.idWords.has(noun), "its tag or id says so")
        return label != nil
    }

    /// The label of an entry of a list that is about `noun`: its own, not that of something else.
    static func ownLabel(in schema: Schema?, of noun: String) -> Schema.Field? {
        FieldFinder.label(in: schema, of: noun, depth: 1)?.field
            ?? FieldFinder.label(in: schema, of: noun, depth: 2)?.field
    }

    private func weighDataset(_ documented: DocumentedOperation, _ evidence: inout Evidence) -> Bool {
        guard documented.method == "GET", documented.path.hasSuffix("}"), Self.takesLabel(documented, of: "dataset"),
            documented.lastWords.last == "dataset", documented.reply?.kind == .object
        else { return false }
        evidence.add(5, "a dataset by its label")
        evidence.add(2, if: FieldFinder.state(in: documented.reply) != nil, "with a load status")
        return true
    }

    private func weighAction(
        _ documented: DocumentedOperation, on noun: String, _ verbs: [String], _ evidence: inout Evidence
    ) -> Bool {
        guard ["POST", "PUT"].contains(documented.method), documented.pathWords.contains(noun),
            documented.pathWords.contains(where: verbs.contains) || documented.idWords.contains(where: verbs.contains)
        else { return false }
        let labelInBody = FieldFinder.label(in: documented.body, of: noun, depth: 1) != nil
        guard documented.pathParameters.isEmpty ? labelInBody : Self.takesLabel(documented, of: noun) else {
            return false
        }
        if documented.pathWords.has("batch", "bulk", "all", "upload", "validate") || documented.body?.kind == .array {
            return false
        }
        evidence.add(4, "its path says so")
        evidence.add(2, if: documented.pathWords.contains(where: verbs.contains), "with the verb in it")
        evidence.add(1, if: documented.summaryWords.contains(where: verbs.contains), "its summary says so")
        return true
    }

    /// One path parameter, which is a label and no id: scripts have labels only.
    private static func takesLabel(_ documented: DocumentedOperation, of noun: String) -> Bool {
        guard documented.pathParameters.count == 1, let name = documented.pathParameters.first else { return false }
        let words = NameWords.of(name)
        return words.has("label") || (words == [noun] || words.last == "name")
    }

    private func weighKey(_ documented: DocumentedOperation, _ evidence: inout Evidence) -> Bool {
        guard documented.method == "GET", documented.pathParameters.isEmpty, documented.reply?.kind == .object,
            FieldFinder.list(in: documented.reply)?.items.properties.isEmpty ?? true
        else { return false }
        let words = documented.pathWords
        let joined = words.joined()
        guard
            joined.contains("apikey") || joined.contains("key") || joined.contains("token") || joined.contains("whoami")
        else { return false }
        evidence.add(2, "it is about keys")
        evidence.add(
            2, if: words.has("current", "me", "self", "whoami", "info", "information", "own", "my"), "about one's own")
        evidence.add(
            3, if: FieldFinder.time(in: Self.unwrapped(documented.reply), Self.expiring) != nil, "with an expiry")
        evidence.add(1, if: FieldFinder.user(in: Self.unwrapped(documented.reply)) != nil, "with a user")
        return true
    }

    static let expiring = ["expire", "expires", "expiry", "expiration", "expired", "until"]

    /// The object in a reply that wraps one.
    static func unwrapped(_ schema: Schema?) -> Schema? {
        wrapper(of: schema).flatMap { name in schema?.properties.first { $0.name == name }?.schema } ?? schema
    }

    /// The name of the one property that holds all there is to know.
    static func wrapper(of schema: Schema?) -> String? {
        let objects = (schema?.properties ?? []).filter { $0.schema.kind == .object && !$0.schema.properties.isEmpty }
        guard objects.count == 1, let only = objects.first,
            NameWords.of(only.name).has("data", "result", "item", "value", "payload", "content")
        else { return nil }
        return only.name
    }
}
