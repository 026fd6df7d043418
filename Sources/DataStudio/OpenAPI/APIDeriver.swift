import Escaping
import JSON

/// Makes an API description of a document.
package struct APIDeriver {
    private let document: OpenAPIDocument
    private let recogniser: APIRecogniser
    private var description = APIDescription()
    private var findings: [Operation: APIDerivation.Finding] = [:]
    private var ties: [Operation: [OperationCandidate]] = [:]
    private var blanks: [String] = []
    private var notes: [String] = []
    private var wrongPicks: [String] = []

    /// So many things of a kind are named to a person.
    private static let mostShown = 20

    /// Makes what can be made.
    ///
    /// - Parameter picks: what a person chose; it wins over every score.
    package static func derive(
        from document: OpenAPIDocument, picks: [APIDerivation.Pick] = []
    ) -> APIDerivation {
        var deriver = APIDeriver(document: document, recogniser: APIRecogniser(document: document))
        return deriver.derive(picks)
    }

    private init(document: OpenAPIDocument, recogniser: APIRecogniser) {
        self.document = document
        self.recogniser = recogniser
    }

    private mutating func derive(_ picks: [APIDerivation.Pick]) -> APIDerivation {
        description.base = document.base
        for operation in Operation.allCases { choose(operation, picks) }
        if !document.isWhole {
            notes.append("the document is too large to be read whole: some operations may have been missed")
        }
        for reference in document.brokenReferences.prefix(Self.mostShown) {
            notes.append("the reference \(reference.prefix(200)) leads nowhere")
        }
        authentication()
        start()
        jobs()
        lists()
        theRest()
        errorMessage()
        return APIDerivation(
            description: description, findings: findings, ties: ties, blanks: blanks, notes: notes,
            wrongPicks: wrongPicks)
    }

    private mutating func choose(_ operation: Operation, _ picks: [APIDerivation.Pick]) {
        let candidates = recogniser.candidates(for: operation)
        if let pick = picks.last(where: { $0.operation == operation }) {
            if let documented = document.operations.first(where: { $0.title == pick.title }) {
                if let reason = Self.objection(to: documented, as: operation) {
                    wrongPicks.append("\(pick.title) cannot be \(operation.rawValue): \(reason)")
                    return
                }
                let candidate =
                    candidates.first { $0.title == pick.title }
                    ?? OperationCandidate(documented: documented, score: 0, reasons: ["picked"])
                findings[operation] = .init(candidate: candidate, isPicked: true)
                return
            }
            wrongPicks.append("\(operation.rawValue): the document has no \(pick.title)")
        }
        guard let best = candidates.first else { return }
        let equal = candidates.filter { best.score - $0.score < 0.01 }
        if equal.count > 1 { ties[operation] = equal }
        findings[operation] = .init(candidate: best, isPicked: false)
    }

    /// Why an operation that somebody picked cannot be it.
    private static func objection(to documented: DocumentedOperation, as operation: Operation) -> String? {
        if operation.isHarmless, documented.method != "GET" { return "it is no GET" }
        if [.getJob, .cancelJob].contains(operation), documented.pathParameters.count != 1 {
            return "it takes no job id"
        }
        if !operation.isHarmless, documented.method == "GET" { return "a GET changes nothing" }
        return nil
    }

    // MARK: Parts

    private mutating func authentication() {
        let headers = document.securitySchemes.filter { $0["in"]?.text == "header" }.compactMap { $0["name"]?.text }
        if !headers.isEmpty, !headers.contains(where: { $0.lowercased() == "authorization" }) {
            notes.append(
                "the document asks for the key in the header \(headers[0]); Baton sends it in Authorization, as Data Studio v2 "
                    + "is known to want it")
        }
    }

    /// The operation as it is described, without query, body and reply.
    private func described(_ operation: Operation) -> (OperationDescription, DocumentedOperation)? {
        guard let documented = findings[operation]?.candidate.documented else { return nil }
        var path = documented.path
        if let name = documented.pathParameters.first {
            let placeholder: Placeholder = [.getJob, .cancelJob].contains(operation) ? .jobId : .label
            path = path.replacing(bytes: "{\(name)}", with: placeholder.inBraces)
        }
        return (OperationDescription(method: documented.method, path: path), documented)
    }

    /// What is needed and was not found: its place is left open.
    private mutating func blank(_ operation: Operation, withBody: Bool = false) {
        var open = OperationDescription(method: YAMLReader.blank, path: YAMLReader.blank)
        blanks += ["operations.\(operation.rawValue).method", "operations.\(operation.rawValue).path"]
        if withBody {
            open.body.label = YAMLReader.blank
            open.reply.id = JSONPointer(tokens: [YAMLReader.blank])
            blanks += ["operations.\(operation.rawValue).body.label", "operations.\(operation.rawValue).reply.id"]
        }
        description.operations[operation] = open
    }

    private mutating func start() {
        guard let (found, documented) = described(.executeWorkflow) else {
            return blank(.executeWorkflow, withBody: true)
        }
        var start = found
        let body = StartBody(documented.body)
        start.body = body.names
        if start.body.label == nil, !start.path.contains(Placeholder.label.inBraces) {
            start.body.label = YAMLReader.blank
            blanks.append("operations.executeWorkflow.body.label")
        }
        for name in body.unknown.prefix(Self.mostShown) {
            notes.append("executeWorkflow: the server wants \"\(name)\" in the body, which no option of a script sends")
        }
        if let reply = documented.reply, reply.isScalar {
            start.reply.id = JSONPointer(tokens: [])
        } else if let id = FieldFinder.id(in: documented.reply) {
            start.reply.id = id.field.pointer
        } else {
            start.reply.id = JSONPointer(tokens: [YAMLReader.blank])
            blanks.append("operations.executeWorkflow.reply.id")
        }
        description.operations[.executeWorkflow] = start
    }

    private mutating func jobs() {
        var form: JobForm?
        if let (found, documented) = described(.getJob), let (inReply, pointer) = JobForm.inReply(documented.reply) {
            var job = found
            if !pointer.tokens.isEmpty { job.reply.object = pointer }
            description.operations[.getJob] = job
            form = inReply
        }
        if let (found, documented) = described(.listJobs), let (pointer, items) = FieldFinder.list(in: documented.reply)
        {
            var list = found
            readList(.listJobs, &list, documented, pointer)
            form = form ?? JobForm(items)
        }
        if let (cancel, _) = described(.cancelJob) { description.operations[.cancelJob] = cancel }
        if findings[.getJob] == nil, findings[.listJobs] == nil {
            blank(.getJob)
            description.job.id = JSONPointer(tokens: [YAMLReader.blank])
            description.job.state = JSONPointer(tokens: [YAMLReader.blank])
            blanks += ["job.id", "job.state"]
        } else if let form {
            description.job = form.fields
            if description.job.label == nil {
                notes.append(
                    "a job does not tell its workflow: state(label), if_running and adopting jobs will not work")
            }
        }
        states(form?.state?.schema.words ?? [])
    }

    private mutating func states(_ words: [String]) {
        description.states = StateWords.table(words)
        let odd = words.filter { description.states[$0] == nil }
        if !odd.isEmpty {
            let shown = odd.prefix(Self.mostShown) + (odd.count > Self.mostShown ? ["…"] : [])
            notes.append("states that could mean anything count as not finished: \(shown.joined(separator: ", "))")
        }
        for (word, state) in description.states.sorted(by: { $0.key < $1.key })
        where state == .completed || state == .failed {
            let words = NameWords.of(word)
            if words.has("warning", "error", "partial"), words.count > 1 {
                notes.append("the state \(word) is taken for \(state.rawValue): is that right?")
            }
        }
        guard !description.states.values.contains(.completed) else { return }
        if words.isEmpty, findings[.getJob] != nil || findings[.listJobs] != nil {
            notes.append(
                "the document does not list the states of jobs: those the vendor prints are taken, and every other counts as "
                    + "not finished")
            for state in JobState.allCases where state != .unknown { description.states[state.rawValue] = state }
        } else {
            description.states[YAMLReader.blank] = .completed
            blanks.append("states: the server's word for COMPLETED")
        }
    }

    private mutating func readList(
        _ operation: Operation, _ list: inout OperationDescription, _ documented: DocumentedOperation,
        _ pointer: JSONPointer
    ) {
        let paging = Paging(documented)
        list.query = paging.query
        list.firstPage = paging.firstPage
        list.maxPageSize = paging.maxPageSize
        if !pointer.tokens.isEmpty {
            list.reply.list = pointer
            let counters = Paging.counters(in: documented.reply)
            if counters.pages != nil {
                list.reply.pages = counters.pages
            } else if counters.last != nil {
                list.reply.last = counters.last
            } else if counters.more != nil {
                list.reply.more = counters.more
            } else {
                list.reply.total = counters.total
            }
        }
        for name in paging.unknown {
            list.query[name] = YAMLReader.blank
            blanks.append("operations.\(operation.rawValue).query.\(name)")
        }
        description.operations[operation] = list
    }

    private mutating func lists() {
        if let (found, documented) = described(.listWorkflows),
            let (pointer, items) = FieldFinder.list(in: documented.reply)
        {
            var list = found
            readList(.listWorkflows, &list, documented, pointer)
            if let label = APIRecogniser.ownLabel(in: items, of: "workflow") {
                description.workflow.label = label.pointer
            }
            description.workflow.name = Self.name(in: items, of: "workflow")
            description.workflow.space = FieldFinder.label(in: items, of: "space", named: true)?.field.pointer
        }
        if let (found, documented) = described(.listSpaces),
            let (pointer, items) = FieldFinder.list(in: documented.reply)
        {
            var list = found
            readList(.listSpaces, &list, documented, pointer)
            if let label = APIRecogniser.ownLabel(in: items, of: "space") { description.space.label = label.pointer }
            description.space.name = Self.name(in: items, of: "space")
        }
    }

    private static func name(in schema: Schema, of noun: String) -> JSONPointer? {
        FieldFinder.best(in: schema, depth: 1) { field in
            let words = field.ownWords
            return words == ["name"] ? 2 : words == [noun, "name"] || words == ["display", "name"] ? 1.5 : 0
        }?.field.pointer
    }

    private mutating func theRest() {
        if let (found, documented) = described(.getDataset) {
            var dataset = found
            if let wrapper = APIRecogniser.wrapper(of: documented.reply) {
                dataset.reply.object = JSONPointer(tokens: [wrapper])
            }
            description.operations[.getDataset] = dataset
            let schema = APIRecogniser.unwrapped(documented.reply)
            description.dataset.label = APIRecogniser.ownLabel(in: schema, of: "dataset")?.pointer
            if let state = FieldFinder.state(in: schema) {
                description.dataset.state = state.field.pointer
                let known = Set(description.states.keys.map { $0.lowercased() })
                for (word, state) in StateWords.table(state.field.schema.words)
                where !known.contains(word.lowercased()) {
                    description.states[word] = state
                }
            }
            description.dataset.refreshed = FieldFinder.time(in: schema, ["refreshed", "refresh", "loaded", "load"])
        }
        for operation in [Operation.refreshDataset, .executeSchedule] {
            guard let (found, documented) = self.described(operation) else { continue }
            var described = found
            if documented.pathParameters.isEmpty {
                let noun = operation == .refreshDataset ? "dataset" : "schedule"
                described.body.label = FieldFinder.label(in: documented.body, of: noun, depth: 1)?.field.tokens.first
            }
            description.operations[operation] = described
        }
        if let (found, documented) = described(.keyInformation) {
            var key = found
            if let wrapper = APIRecogniser.wrapper(of: documented.reply) {
                key.reply.object = JSONPointer(tokens: [wrapper])
            }
            description.operations[.keyInformation] = key
            let schema = APIRecogniser.unwrapped(documented.reply)
            description.key.expires = FieldFinder.time(in: schema, APIRecogniser.expiring)
            description.key.user = FieldFinder.user(in: schema)
        }
    }

    /// All operations fail alike: the first that says how is taken, that of the start before others.
    private mutating func errorMessage() {
        let found = [Operation.executeWorkflow, .getJob, .listJobs].compactMap {
            findings[$0]?.candidate.documented.error
        }
        let all = found + document.operations.compactMap(\.error)
        if let message = all.lazy.compactMap({ FieldFinder.message(in: $0, ofError: true) }).first {
            description.error.message = message
        } else {
            notes.append("the document does not tell the form of an error: its beginning is shown as it is")
        }
    }
}
